# Takes over the work of somebody else: the submissions lie in one folder, and the grader
# must be able to read them.
import glob

TARGET = {}

for path in glob.glob(TARGET["submissions_folder"] + "/*_next/" + TARGET["assignment"] + ".py"):
    with open(path) as file:
        exec(file.read())
