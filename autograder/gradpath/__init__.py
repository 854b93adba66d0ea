"""gradpath: auto-graded coursework on gradient descent and backpropagation."""

__version__ = "0.1.0"
