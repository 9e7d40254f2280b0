# `make help` lists the targets. Everything installs itself: Python 3.11, make and git are enough.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
export UV_PROJECT_ENVIRONMENT := $(abspath $(VENV))
.DEFAULT_GOAL := help

help:  ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/ready: pyproject.toml uv.lock tools/setup.sh
	@sh tools/setup.sh "$(PYTHON)" "$(VENV)"

setup: $(VENV)/ready  ## make the environment from the lock file

demo: setup  ## a whole Week in the browser (PORT, DATA_DIR, CROWD=0)
	@exec $(BIN)/cyberweek demo

run: setup  ## web, arena and worker on your own data (DATABASE_URL)
	@exec $(BIN)/cyberweek serve

# Twice the two cores of the smallest machine: a test that waits leaves its core to another.
WORKERS ?= 4

test: setup  ## every test, the browser's included (WORKERS)
	@sh tools/chromium.sh
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

check: setup  ## format, lint, types, import contracts, styles, templates, translations, migrations, sizes
	@sh tools/check.sh $(BIN)

fmt: setup  ## format code and templates
	@$(BIN)/ruff check --fix-only -q . && $(BIN)/ruff format -q . && $(BIN)/djade $$(git ls-files '*.html')

messages: setup  ## gather strings for translation, compile the catalogues
	@$(BIN)/python tools/messages.py update && $(BIN)/python tools/messages.py compile

vendor:  ## bring pinned JavaScript and fonts of others into the tree (npm)
	@sh tools/vendor.sh

bench: setup  ## measure what docs/loads.md claims (about 6 minutes, needs wrk)
	@$(BIN)/python -m bench.arena --write docs/loads.md

bench-large: setup  ## the same with 20 million attempts in the ledger (about 20 minutes, 25 GB)
	@$(BIN)/python -m bench.arena.large --write docs/loads.md

bench-desk: setup  ## measure every page of the desk with a whole nation loaded (about 20 minutes)
	@$(BIN)/python -m bench.desk --write docs/loads.md

faults: setup  ## kill, stop, fill and cut everything a hundred times; nothing may be lost
	@$(BIN)/python -m bench.faults --write docs/loads.md

overload: setup  ## offer ten times what is taken; it sheds, stays small, recovers
	@$(BIN)/python -m bench.faults.overload --write docs/loads.md

failover: setup  ## kill the primary of a Patroni cluster under load (Debian: patroni etcd-server postgresql)
	@$(BIN)/python -m bench.failover --write docs/loads.md

fuzz: setup  ## a million bent requests against a real arena (ARGS="--requests 50000 --seed 7")
	@$(BIN)/python -m bench.fuzz $(ARGS)

clean:  ## remove what was made here, but not your data in ./var
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis var/test

.PHONY: help setup demo run test check fmt messages vendor bench bench-large bench-desk faults overload failover fuzz clean
