"""The cohort report: one page about a run, for staff.

`figures` computes what the page says about scores and checks, `own_code` and `agreement` find
submissions that agree, and `page` writes all of it into one file.
"""
