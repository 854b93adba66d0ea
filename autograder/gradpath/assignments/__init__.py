"""The graders of the assignments, a folder each: public checks, hidden checks, carried runs, misconceptions."""
