"""The cohort report: one page about a run, for staff.

`statistics` has the numbers about scores and checks, `own_code` and `agreement` find
submissions that agree, `rows` is the data of the page's script, and `page` writes the file.
"""
