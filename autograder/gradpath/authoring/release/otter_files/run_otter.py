"""Runs otter on the stub that gradpath left in place of the submission."""

from pathlib import Path

from otter.run.run_autograder import main

if __name__ == "__main__":
    main(str(Path(__file__).resolve().parent.parent))
