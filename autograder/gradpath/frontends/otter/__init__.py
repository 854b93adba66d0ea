"""otter-grader as a front end: its test files ask the engine and show the answer.

For students: `answers`, `session`. For staff besides: `settings`, `sealed`, `plugin` (used by
`otter run`), `container` (used by `otter grade` and Gradescope) and `gradescope`.
"""
