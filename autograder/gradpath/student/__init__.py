"""A student's machine: the check of a file and of a live session, and its picture."""
