"""The hall's own programs with their ports wrapped: they write down what the world saw of them, and die where told."""
