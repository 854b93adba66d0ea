"""Downloads of course sites as nbgrader wants them."""
