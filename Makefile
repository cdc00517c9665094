# Two commands do everything: `make reports` and `make test`. Each sets up what it needs first.
PYTHON ?= python3
AS_AT  ?= 2019-07-31
OUT    ?= reports
BIN    := .venv/bin
# Two processes, a file of tests at a time, so that what a file shares is made once; in order, the long ones first.
TWO    := -n 2 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help reports test trials mutants lab sample lint lock clean

help:           ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/'

.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "pace-nb needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Say which to use: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

reports: .venv/.ready   ## run every notebook for the 32 sample areas and say where index.html lies
	$(BIN)/pace-nb report data/sample --as-at $(AS_AT) --audience working --out $(OUT)

test: .venv/.ready      ## check style and pass every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest $(TWO) --ignore=tests/trials --ignore=tests/mutants

trials: .venv/.ready    ## break whole runs: kill, fill the disk, go on, move to other processes; the same pages to the byte
	$(BIN)/python -m pytest tests/trials

mutants: .venv/.ready   ## break the statistics one line at a time: some test has to notice each
	$(BIN)/python -m pytest tests/mutants

lab: .venv/.ready       ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab --notebook-dir=notebooks

sample: .venv/.ready    ## make the synthetic extracts in data/sample again (same seed, same bytes)
	$(BIN)/pace-nb sample data/sample --scale 0.2

lint: .venv/.ready      ## mend style where it can be mended, and say what is left
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock:                   ## pin every dependency again, with hashes (needs uv on the path)
	uv pip compile pyproject.toml --extra dev --extra cluster --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --output-file requirements.lock

clean:                  ## remove what was made here: reports and the environment
	rm -rf .venv reports
