"""The graders of the assignments, a folder each: checks, carried runs, misconceptions."""
