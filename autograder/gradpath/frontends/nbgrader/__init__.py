"""nbgrader as a front end: its commands, gradebook and pages, with gradpath's engine behind them.

In the order in which a course meets them: `notebook` makes the notebooks that nbgrader releases,
`config` sets nbgrader up, `collect` and `exchange` take submissions in and give feedback back.
`nbgrader autograde` runs `exporter`, `repair` and `grade_preprocessor`, and `parallel` does so on
all cores: nbgrader executes none of the student's code. Test cells on a student's machine call
`gradpath.student.nbgrader`.
"""
