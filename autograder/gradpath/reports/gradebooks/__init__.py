"""Results as what course sites take: Canvas, Moodle, Gradescope, and a JSON file for the rest.

Each site's module names the source of the columns that it writes. What they have in common: only
the columns that an upload needs and those of the assignments that are exported are written, so no
upload can touch another assignment; and a cell for which there are no points stays as the site had
it.
"""
