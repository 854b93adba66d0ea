"""nbgrader as a front end: its commands, gradebook and pages, with gradpath's engine behind them.

In the order in which a course meets them: `notebook` makes the notebooks that nbgrader releases,
`cells` is what their test cells call on a student's machine, `config` sets nbgrader up, `collect`
and `exchange` take in and give back, and `exporter`, `repair` and `grade` are what `nbgrader
autograde` runs: none of the student's code is executed by nbgrader.
"""
