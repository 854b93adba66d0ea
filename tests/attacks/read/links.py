# Makes links to the secret in the submission's own folder, where it may open anything.
import contextlib
import os

TARGET = {}


def look():
    for number, make in enumerate((os.symlink, os.link)):
        name = f"link{number}"
        try:
            make(TARGET["secret_file"], name)
            with open(name) as file:
                return file.read()[:200]
        except OSError:
            continue
    with contextlib.suppress(OSError):
        os.symlink(os.path.dirname(TARGET["secret_file"]), "folder")
        with open("folder/" + os.path.basename(TARGET["secret_file"])) as file:
            return file.read()[:200]
    return "nothing"


FOUND = look()


def forward(x, w):
    raise ValueError(FOUND)
