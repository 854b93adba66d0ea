"""The pages that nbgrader shows and releases."""
