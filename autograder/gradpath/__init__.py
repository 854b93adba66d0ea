"""gradpath: auto-graded coursework on gradient descent and backpropagation."""

__version__ = "0.2.0"
