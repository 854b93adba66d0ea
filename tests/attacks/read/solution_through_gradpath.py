# Asks gradpath for the solution: the worker is a Python with gradpath on its path, and the grader's
# own function returns it.
import sys

TARGET = {}

sys.path.insert(0, TARGET["course_folder"] + "/autograder")
from gradpath.course.load import load  # noqa: E402

for cell in load(TARGET["assignment"]).solution.cells:
    exec(cell.text)
