"""`python -m gradpath.worker.sandbox`: print as JSON which layers this machine has.

A process of its own, because a grader has threads and a plan for its user id; this one has neither.
"""

from __future__ import annotations

import json
import sys

from gradpath.worker.sandbox.probe import examine


def main() -> None:
    """Examine this machine; the arguments are layers to leave out."""
    findings = examine(sys.argv[1:])
    print(json.dumps({"layers": findings.layers.names, "missing": findings.missing}))


if __name__ == "__main__":
    main()
