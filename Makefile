# Two commands for a newcomer: `make demo` and `make test`. `make` lists the others.
PYTHON ?= python3
PORT ?= 8000
# How many tests run at once.
JOBS ?= 2
ARGS ?=
export PORT

PY := .venv/bin/python
PIP := $(PY) -m pip --quiet --disable-pip-version-check install
CODE := config inventory procurement reserve tests manage.py
.DEFAULT_GOAL := help
.PHONY: help demo demo-reset up test test-long bench shots check fmt

help: ## list the commands
	@awk -F ': .*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/trial ## a running reserve with demo data at http://127.0.0.1:8000 (PORT= to change)
	@exec $(PY) manage.py up --demo

demo-reset: .venv/trial ## start over: delete the trial's data, then as `make demo`
	@$(PY) manage.py wipe_trial
	@exec $(MAKE) --no-print-directory demo

up: .venv/trial ## run the reserve on the data there are
	@exec $(PY) manage.py up

test: .venv/dev ## run the tests on servers of their own, ten minutes (ARGS="-k ledger" for some, JOBS= at once)
	@$(PY) -m pytest -n $(JOBS) --dist loadgroup -m "not long" $(ARGS)

test-long: .venv/dev ## run the long ones: state machine, seeded faults, every page in the browser, absurd input, the demo, `up`
	@$(PY) -m pytest -n $(JOBS) --dist loadgroup -m long $(ARGS)

bench: .venv/dev ## how long each page and search takes on 100 thousand lots (SCALE=1m for more, RUNS=, ARGS="lots desk" for some)
	@$(PY) -m tests.bench $(ARGS)

shots: .venv/dev ## picture every page as each role sees it, narrow and wide, light and dark, into var/shots
	@$(PY) -m pytest -q -n $(JOBS) tests/journeys/shots.py

check: .venv/dev ## lint, types, imports, templates, migrations, production settings
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy $(CODE)
	$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	$(PY) -m djlint --quiet --lint .
	$(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@echo "manage.py check --deploy, with production settings"
	@MODE=production ALLOWED_HOSTS=reserve.example \
		SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))')" \
		DATABASE_URL=postgres://reserve@127.0.0.1/reserve REDIS_URL=redis://127.0.0.1/0 \
		$(PY) manage.py check --deploy --fail-level WARNING

fmt: .venv/dev ## format code
	$(PY) -m ruff check --fix-only .
	$(PY) -m ruff format .

# Each marker is newer than the requirements it stands for, so a second run installs nothing.
.venv/trial: requirements.txt
	@$(MAKE) --no-print-directory --silent .venv-python
	@echo "Installing what the reserve needs into .venv (once, about a minute) ..."
	@$(PIP) -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt requirements.txt
	@$(MAKE) --no-print-directory --silent .venv-python
	@echo "Installing what the tests and checks need into .venv (once, about a minute) ..."
	@$(PIP) -r requirements-dev.txt
	@touch .venv/trial $@

.PHONY: .venv-python
.venv-python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed. On Debian: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another one: make PYTHON=python3.12 demo" >&2; exit 1; }
	@test -w . || { echo "The folder $$(pwd) cannot be written. Clone the project into a folder of your own." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make a virtual environment. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
