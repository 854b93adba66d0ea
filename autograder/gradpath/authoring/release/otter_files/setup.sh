#!/usr/bin/env bash
# Prepares an image for grading, with pip alone, in the virtual environment /opt/gradpath. An image that has
# everything (see `gradpath image build`) is left as it is, without a look at the network.
#
# TORCH_ARGS   how pip finds a CPU build of torch; by default PyTorch's own index
set -euo pipefail

source="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
venv=/opt/gradpath
TORCH_ARGS="${TORCH_ARGS:---index-url https://download.pytorch.org/whl/cpu}"

# otter's Dockerfile copies `requirements.*` before it runs this script, and nothing else that could be a wheel.
wheel="$(sed -n 's/^# wheel: //p' "$source/requirements.txt")"
digest="$(sha256sum "$source/requirements.gradpath.whl" | cut -d ' ' -f 1)"

has() { "$venv/bin/python" -I - "$@" >/dev/null 2>&1; }

has_dependencies() {
    has "$source/requirements.txt" <<'PYTHON'
import importlib.metadata, sys
for line in open(sys.argv[1], encoding="utf-8"):
    name, _, version = line.split("#")[0].strip().partition("==")
    if name and importlib.metadata.version(name).partition("+")[0] != version:
        sys.exit(f"{name} is not {version}")
PYTHON
}

has_gradpath() {
    # pip notes the checksum of the file that it installed.
    has "$digest" <<'PYTHON'
import importlib.metadata, json, sys
origin = importlib.metadata.distribution("gradpath").read_text("direct_url.json") or "{}"
sys.exit(json.loads(origin).get("archive_info", {}).get("hash") != f"sha256={sys.argv[1]}")
PYTHON
}

if [ ! -x "$venv/bin/python" ]; then
    python=""
    for candidate in python3.13 python3.12 python3.11 python3; do
        if command -v "$candidate" >/dev/null \
            && "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python="$candidate"
            break
        fi
    done
    if [ -z "$python" ]; then
        echo "gradpath: no Python 3.11 or later with venv in this image; choose one that has it, such as python:3.11-slim" >&2
        exit 1
    fi
    "$python" -m venv "$venv"
fi

pip=("$venv/bin/python" -m pip install --quiet --no-cache-dir --disable-pip-version-check)

if ! has_dependencies; then
    # torch by itself: an index of CPU builds has little else.
    # shellcheck disable=SC2086  # TORCH_ARGS are several words
    "${pip[@]}" $TORCH_ARGS "$(grep '^torch==' "$source/requirements.txt")"
    "${pip[@]}" -r "$source/requirements.txt"
fi

if ! has_gradpath; then
    folder="$(mktemp -d)"
    cp "$source/requirements.gradpath.whl" "$folder/$wheel"
    "${pip[@]}" --no-deps --no-index --force-reinstall "$folder/$wheel"
    rm -r "$folder"
fi

"$venv/bin/python" -I -c 'import otter.run.run_autograder'
"$venv/bin/python" -I -m gradpath.frontends.otter --prepare
echo "gradpath: ready to grade"
