# Prints without end: a grader that keeps the output runs out of memory or disk.
import sys

TARGET = {}

LINE = "x" * 100_000
while True:
    sys.stdout.write(LINE)
