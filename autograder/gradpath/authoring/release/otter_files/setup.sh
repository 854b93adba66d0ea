#!/usr/bin/env bash
# Prepares an image for grading, in the virtual environment /opt/gradpath. An image that has everything (see
# `gradpath image build`) is left as it is, without a look at the network.
#
# Python 3.11 or later is taken from the image, else from Debian's or Ubuntu's packages, else by uv from PyPI. Only
# the packages need root, and /opt/gradpath a user that may write there.
#
# TORCH_ARGS   how pip finds a CPU build of torch; by default PyTorch's own index
# UV_*         uv's own settings, such as UV_PYTHON_INSTALL_MIRROR for the Python that it brings
set -euo pipefail

source="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
venv=/opt/gradpath
UV="uv==0.13.9"
PYTHON=3.11 # the version that everything is tested with
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

# Finds a Python of the image that is new enough and can make virtual environments.
find_python() {
    local candidate
    for candidate in python3.13 python3.12 python3.11 python3; do
        if command -v "$candidate" >/dev/null \
            && "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python="$candidate"
            return
        fi
    done
    return 1
}

apt_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    echo "gradpath: installing $*"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

packaged_python() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq || return 1
    local version
    version="$(apt-cache policy python3 | sed -n 's/^ *Candidate: \([0-9].*\)/\1/p')"
    dpkg --compare-versions "${version:-0}" ge 3.11 && apt_install python3-venv && find_python
}

# uv is a single program, and the Python that it brings needs no package of the system.
fetched_python() {
    local folder uv
    folder="$(mktemp -d)"
    if ! uv="$(command -v uv)"; then
        python3 -m pip --version >/dev/null 2>&1 || apt_install python3-pip ca-certificates || return 1
        python3 -m pip install --quiet --no-cache-dir --disable-pip-version-check --target "$folder" "$UV" || return 1
        uv="$folder/bin/uv"
    fi
    echo "gradpath: bringing Python $PYTHON"
    "$uv" python install --no-cache --no-progress --no-bin --install-dir "$venv/python" "$PYTHON" || return 1
    rm -r "$folder"
    python="$(echo "$venv/python/cpython-$PYTHON."*/bin/python3)"
}

if [ ! -x "$venv/bin/python" ]; then
    if ! find_python && ! packaged_python && ! fetched_python; then
        echo "gradpath: this image has no Python 3.11 or later with venv, and none could be installed: choose an image" \
            "that has it, such as python:3.11-slim, or one with pip and a way to PyPI and GitHub" >&2
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
