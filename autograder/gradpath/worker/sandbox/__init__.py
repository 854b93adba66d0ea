"""The sandbox: layers that keep a submission's process from everything but its own work.

One module a layer, each with comments on the attacks that it stops:

- `namespaces`: a network, process list, mounts and shared memory of its own;
- `landlock`: files that may be read and written, by folder;
- `seccomp`: which system calls may be made at all;
- `identity`: a user id of its own, no capabilities, and resource limits.

`layers` names them and says which make which level, `probe` finds out which work here by
attempting forbidden acts, and `gradpath.worker.confine` puts them on, in the order that they
need. Nothing here imports more than the standard library: a probe has to start quickly.
"""
