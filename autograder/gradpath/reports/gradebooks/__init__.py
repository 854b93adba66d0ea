"""Results in the formats of course sites: Canvas, Moodle, Gradescope, and JSON for the rest.

Each site's module names the source of the columns that it writes. In all of them, only
the columns that an upload needs and those of the assignments that are exported are written, so no
upload can touch another assignment; and a cell for which there are no points stays as the site had
it.
"""
