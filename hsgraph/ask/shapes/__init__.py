"""What shape of answer a question asks for: a list, a number, an end of an order, a share."""
