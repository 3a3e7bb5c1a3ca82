# Everything a contributor types. `make` alone lists the targets.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
NODE := $(VENV)/node/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fix generate bench soak clean shells

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## make the virtual environment and install everything into it

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

shells: $(READY) # what the tests of completion run in, where it is not here already
	@$(BIN)/python tests/shells.py

$(NODE): $(READY) tests/node/package-lock.json # what generated declarations are tried with
	@mkdir -p $(VENV)/node && cp tests/node/*.json $(VENV)/node
	@$(BIN)/npm ci --prefix $(VENV)/node --silent --ignore-scripts --no-audit --no-fund && touch $@ || \
		echo "The tests of generate need packages of npm, which could not be fetched." >&2

demo: $(READY) ## the whole path of an artwork, narrated, in a throw-away folder
	@$(BIN)/python tests/demo.py

test: $(READY) shells $(NODE) ## run the test suite
	@$(BIN)/python -m pytest --numprocesses=auto --dist=loadfile

check: $(READY) ## lint, formatting and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

fix: $(READY) ## let the linter and the formatter mend what they can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

generate: $(READY) ## write what is made: the compiled interfaces, completions/, REFERENCE.md, golden files
	@$(BIN)/python -m originstamp_cli.canister.compile_interfaces
	@$(BIN)/ruff check --quiet --fix originstamp_cli/canister/interfaces.py
	@for name in originstamp dfx; do \
		for each in bash:$$name.bash zsh:_$$name fish:$$name.fish; do \
			file=completions/$${each#*:}; \
			$(BIN)/originstamp completions $${each%%:*} --name $$name > $$file.new && \
			mv $$file.new $$file || { rm -f $$file.new; exit 1; }; \
		done; \
	done
	@$(BIN)/python tests/reference.py
	@$(BIN)/python tests/golden.py
	@$(BIN)/python tests/declared.py

bench: $(READY) ## measure start-up, growth, memory and Candid; fails when a bound is broken
	@PYTHONPATH=tests $(BIN)/python tests/benchmarks/run.py

soak: $(READY) ## the long runs that the gate takes only a share of
	@$(BIN)/python -m pytest -m soak

clean: ## remove everything that was made, but not your state
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
