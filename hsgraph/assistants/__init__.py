"""What assistants may do with the graph: read it, over the Model Context Protocol."""
