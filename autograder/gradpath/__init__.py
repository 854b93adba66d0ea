"""gradpath: auto-graded coursework on gradient descent and backpropagation."""

__version__ = "0.2.0"


def load_ipython_extension(shell: object) -> None:
    """Add the line magic `%gradpath` to IPython, which calls this for `%load_ext gradpath`."""
    # By name: everything imports this module, and the command line is above everything.
    import importlib

    importlib.import_module("gradpath.cli.magic").add_magic(shell)
