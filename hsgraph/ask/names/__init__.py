"""What words can mean: the names of the graph and the words of its lexicon."""
