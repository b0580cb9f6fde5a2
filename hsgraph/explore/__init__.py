"""What the pages that explore show: map, time line, matrix, network, causes, comparison."""
