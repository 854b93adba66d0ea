# The standard library's clients: http, ftp and file addresses go through other modules than socket.
import contextlib
import urllib.request

TARGET = {}

FOUND = "nothing"
for address in (f"http://127.0.0.1:{TARGET['tcp_port']}/", "file://" + TARGET["secret_file"]):
    with contextlib.suppress(OSError, ValueError), urllib.request.urlopen(address, None, 2) as page:
        FOUND = page.read(200).decode("latin-1")


def forward(x, w):
    raise ValueError(FOUND)
