"""The vocabulary that an assignment is written in, its settings, its master, and `load`."""
