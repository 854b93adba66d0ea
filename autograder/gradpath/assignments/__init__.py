"""The graders of the assignments, a folder each: checks, misconceptions."""
