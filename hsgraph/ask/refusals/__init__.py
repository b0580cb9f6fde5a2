"""Why a question has no answer: words that mean nothing here, and what the graph does not hold."""
