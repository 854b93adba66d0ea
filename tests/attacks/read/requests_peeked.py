# Looks at requests that wait in the channel, without taking them, and tells from the first public
# call, with a message that students see, which hidden inputs are among them.
# honest: 1
import socket

import gradpath.worker.codec as codec
import gradpath.worker.protocol as protocol
import gradpath.worker.serve as serve

TARGET = {}
PUBLIC = 4
SEEN = []
CALLS = []
CHANNEL = socket.socket(fileno=3)
READ = serve.read_bytes


def reading(fd, count):
    waiting = CHANNEL.recv(1 << 20, socket.MSG_PEEK)
    while len(waiting) > 4:
        end = 4 + protocol.announced_length(waiting[:4])
        SEEN.append(codec.decode(waiting[4:end], codec.decoder(protocol.Load | protocol.Invoke)))
        waiting = waiting[end:]
    return READ(fd, count)


serve.read_bytes = reading


def forward(x, w):
    CALLS.append(x)
    requests = [request for request in SEEN if request.function == "forward"]
    if len(CALLS) == 1 and len(requests) > PUBLIC:
        raise ValueError(TARGET["claim"] + str(requests[PUBLIC].args))
    return x * w
