"""Mutation tests of the modules that decide about points; see `__main__`."""
