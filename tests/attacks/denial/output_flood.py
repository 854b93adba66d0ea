# Prints without end.
import sys

TARGET = {}

LINE = "x" * 100_000
while True:
    sys.stdout.write(LINE)
