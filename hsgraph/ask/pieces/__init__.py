"""The words of a question cut into pieces, with what each may mean, and the numbers in them."""
