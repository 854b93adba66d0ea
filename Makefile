# Every target sets up what it needs: a virtual environment in .venv with the pinned requirements.
# A CPU build of torch on other machines:
#   make demo TORCH_ARGS="--index-url https://download.pytorch.org/whl/cpu"

PYTHON ?= python3
TORCH_ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
DOCS := build/docs-venv
MUTANTS := build/mutants-venv
READY := $(VENV)/.ready
# Each test where there is room. All tests go file by file, as many of them share what their file
# makes, and in our own order: xdist would begin with the files that have many tests, not the long ones.
PYTEST_ARGS ?= -n 2 --dist worksteal
ALL_ARGS ?= -n 2 --dist loadfile --no-loadscope-reorder
QUICK := quick or not (docker or slurm or browser or root or stock or slow)
SECRET_FILE ?= release.secret
# Hundreds of processes start in the tests: each would compile our modules again.
export PYTHONDONTWRITEBYTECODE :=
FUZZ_EXAMPLES ?= 20000

.PHONY: help setup demo test test-all lint verify attacks docs aarch64 figures pictures documented skeletons record release fuzz versions mutants bench clean

help:  ## Show the targets
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: $(READY)  ## Make .venv with the pinned requirements and gradpath itself

$(READY): requirements.txt requirements-nbgrader.txt requirements-otter.txt requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "gradpath needs Python 3.11 or later; say which with: make PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	# torch first and by itself: an index for its CPU build has nothing else.
	$(BIN)/pip install --quiet --disable-pip-version-check $(TORCH_ARGS) torch==2.13.0
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	# Installations of before left the course there, solutions among it.
	rm -rf $(VENV)/lib/python3*/site-packages/gradpath
	touch $@

demo: $(READY)  ## Grade a small cohort of the first five assignments, with the reason for every lost point
	rm -rf build/demo
	$(BIN)/python tests/support/demo_cohort.py build/demo/submissions
	$(BIN)/gradpath grade build/demo/submissions --out build/demo/results --secret gradpath-demo --explain
	$(BIN)/gradpath feedback build/demo/results --hidden outcomes

lint: $(READY)  ## Check style, types and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.support.house

test: lint  ## Lint and run the quick tests (8 minutes; no Docker, browser or root)
	$(BIN)/pytest $(PYTEST_ARGS) -m "$(QUICK)"

test-all: lint  ## Lint and run every test (takes long; skips those that this machine cannot run)
	$(BIN)/pytest $(ALL_ARGS)

verify: $(READY)  ## Prove that the graders tell right from wrong
	$(BIN)/gradpath verify

attacks: $(READY)  ## Attack gradpath at each isolation level, then otter and nbgrader (as root; 15 minutes)
	$(BIN)/python -m tests.support.attacking.table --stock

aarch64: $(READY)  ## Attack gradpath on an emulated aarch64 machine (as root, with apt; takes long)
	.ci/aarch64

docs: $(DOCS)/.ready  ## Make the site of docs/ with a search, in build/site
	NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/mkdocs build

$(DOCS)/.ready: requirements-docs.txt
	$(PYTHON) -m venv $(DOCS)
	$(DOCS)/bin/pip install --quiet --disable-pip-version-check -r requirements-docs.txt
	touch $@

figures: $(READY)  ## Draw the pictures of the assignments' texts
	$(BIN)/gradpath figures

pictures: $(READY)  ## Make the pictures of the documentation (needs Chromium)
	$(BIN)/python docs/draw_rooms.py
	$(BIN)/python docs/make_pictures.py

documented: $(READY)  ## Show that the documented figures are reproduced
	$(BIN)/gradpath documented

skeletons: $(READY)  ## Generate skeletons and texts from the masters
	$(BIN)/gradpath skeletons

record: $(READY)  ## Record references and known mistakes for students' machines
	$(BIN)/gradpath record

release: $(READY)  ## Make the bundles for students, otter and staff (SECRET_FILE=release.secret)
	$(BIN)/gradpath release --out dist --secret-file $(SECRET_FILE)

fuzz: $(READY)  ## Look for what breaks readers of messages, files and settings, and carried errors (hours)
	GRADPATH_FUZZ=$(FUZZ_EXAMPLES) $(BIN)/pytest -n 2 --dist load tests/engine/test_fuzz_messages.py tests/submissions/test_fuzz_readers.py tests/grading/test_fuzz_carrying.py

versions: $(READY)  ## Check, grade and verify with the lowest and the newest packages (downloads up to 15 GB)
	$(BIN)/python -m tests.support.versions

mutants: $(READY) $(MUTANTS)/.ready  ## Mutate the modules that decide about points, and see whether tests notice (more than an hour)
	$(BIN)/python -m tests.support.mutants

$(MUTANTS)/.ready: requirements-mutants.txt
	$(PYTHON) -m venv $(MUTANTS)
	$(MUTANTS)/bin/pip install --quiet --disable-pip-version-check -r requirements-mutants.txt
	touch $@

bench: $(READY)  ## Compare with otter and nbgrader on this machine (about 15 minutes)
	$(BIN)/python benchmarks/compare.py

clean:  ## Delete what was made
	rm -rf build dist .venv
