"""The side of the student's code: one process per submission, without anything worth stealing.

Nothing here decides about points. A worker loads the student's module, calls the
functions it is asked for and sends back plain values. See `zygote` for how a worker comes to life
and `serve` for its work.
"""
