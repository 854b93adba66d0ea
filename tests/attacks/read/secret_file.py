# Opens the file with the secret of the release and tells its contents in an exception.
# Python can open any file that the user may read, and messages are shown to the student.
TARGET = {}


def forward(x, w):
    with open(TARGET["secret_file"]) as file:
        raise ValueError(file.read()[:200])
