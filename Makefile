# make run    the demo site on this machine (DEMO=0: an empty site of your own)
# make test   every test; ARGS="tests/funnel -k opt_in" runs some of them
# make bench  measures what the site promises; ARGS="page_cache" measures one thing
# make soak   tries for minutes what the tests try for seconds; ARGS="kills" makes one trial
# make check  linters, types, layers and Django's own checks
# make format lays out code and templates the way `make check` wants them
# make lock   resolves requirements*.in into hash-pinned requirements*.txt
#
# PYTHON chooses the interpreter that makes .venv (3.11, 3.12 or 3.13): make run PYTHON=python3.12

PYTHON ?= python3
ARGS ?=

.PHONY: run test bench soak check format lock python

run: python
	@$(PYTHON) scripts/run.py

test: python
	@$(PYTHON) scripts/test.py $(ARGS)

bench: python
	@$(PYTHON) scripts/bench.py $(ARGS)

soak: python
	@$(PYTHON) scripts/soak.py $(ARGS)

check: python
	@$(PYTHON) scripts/check.py

format: python
	@$(PYTHON) scripts/format.py

lock: python
	@$(PYTHON) scripts/lock.py

python:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "There is no $(PYTHON) here. Install Python 3.11, 3.12 or 3.13 (Debian: apt install python3 python3-venv)." >&2; exit 1; }
