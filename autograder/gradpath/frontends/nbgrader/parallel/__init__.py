"""`gradpath nbgrader autograde`: the steps of nbgrader on all cores."""
