"""Entry point of the zip: `python -m gradpath.frontends.otter [FOLDER]`.

`setup.sh` calls it with `--prepare`.
"""

import sys
from pathlib import Path

from gradpath.frontends.otter.container import ROOT, main, prepare

if __name__ == "__main__":
    if sys.argv[1:] == ["--prepare"]:
        prepare()
    else:
        sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT))
