# `make digest` and `make test` set up everything they need, in a virtual environment of their own.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
JOBS ?= 2
KILLS ?= 300
SEED ?= 1

.PHONY: digest test long kills lint format types golden catalogues pictures clients sending reviewing bench lock clean help

help: ## What each target does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

$(READY): pyproject.toml .ci/constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "digest needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12"; exit 2; }
	@echo "Setting up $(VENV) (once, about half a minute)…"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25'
	@$(BIN)/python -m pip install --quiet --constraint .ci/constraints.txt --editable '.[dev]'
	@touch $@

digest: $(READY) ## Build this newsletter's issue from the bundled sources, without network
	@$(BIN)/digest build --sample

test: lint types $(READY) ## Everything that must pass
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

long: $(READY) ## The tests that take long: senders killed step by step, archives damaged in every way, what real data measures
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup -m long

kills: $(READY) ## Kill a sender KILLS times while its server misbehaves: nobody twice, nobody missed
	@$(BIN)/python -m bench.kills --kills $(KILLS) --jobs $(JOBS) --seed $(SEED)

lint: $(READY)
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet .

types: $(READY)
	@$(BIN)/mypy --no-error-summary

format: $(READY) ## Format the code
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

golden: $(READY) ## Rebuild what tests compare with: read the diff before you commit it
	@$(BIN)/digest build --sample

catalogues: $(READY) ## Renew the words of other languages from templates and code; name what lacks
	@$(BIN)/python -m bench.catalogues

pictures: $(READY) ## Take the pictures of the README, docs/review.md and docs/themes.md, in real programs
	@$(BIN)/python -m bench.readme_pictures && $(BIN)/python -m bench.review_pictures
	@$(BIN)/python -m bench.theme_pictures

clients: $(READY) ## Renew what mail clients support, from caniemail.com or FROM=its data.json
	@$(BIN)/python -m bench.client_support $(FROM)

sending: $(READY) ## How fast mail leaves, beside smtp-source and senders from PyPI
	@$(BIN)/python -m bench.sending && $(BIN)/python -m bench.messages && $(BIN)/python -m bench.planning

reviewing: $(READY) ## What review, search and publishing cost with 1,000 issues, beside the bars
	@$(BIN)/python -m bench.reviewing

bench: $(READY) ## Where the CPU time of a build goes, and what start-up costs
	@$(BIN)/python -m bench.startup && $(BIN)/python -m bench.stages

lock: ## Renew .ci/constraints.txt from the newest releases
	@rm -rf .lock-venv && $(PYTHON) -m venv .lock-venv && .lock-venv/bin/pip install -q -U pip
	@.lock-venv/bin/pip install -q --editable '.[dev]'
	@.lock-venv/bin/pip freeze --exclude-editable --exclude pip --exclude setuptools > .ci/constraints.txt
	@rm -rf .lock-venv

clean:
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache
