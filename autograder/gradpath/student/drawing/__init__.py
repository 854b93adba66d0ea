"""Drawing runs: the numbers of a run as series, axes, and the panels of a picture."""
