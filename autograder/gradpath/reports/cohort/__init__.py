"""The cohort report: one page about a run, for staff.

`figures` has the numbers about scores and checks, `fingerprint_code` and `agreement` find
submissions that agree, `rows` is the data of the page's script, and `page` writes the file.
"""
