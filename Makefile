# Countersign: `make demo` shows it at work, `make test` proves it. Python 3.11 or later and make are all it needs.
PYTHON ?= python3
RUN := .venv/bin/python
MANAGE := $(RUN) manage.py
INSTALL := pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:
PIP := .venv/bin/$(INSTALL)
TESTS ?=
JOBS ?= 2
BENCHES := business_time fold sweep replay queue helpdesk calendar_edit export invoice_run notices
SCALE = 0.1
# check --deploy reads these; nothing connects.
PRODUCTION := COUNTERSIGN_PRODUCTION=on COUNTERSIGN_SECRET_KEY=$(shell printf 'x%.0s1y2Z' 1 2 3 4 5 6 7 8 9 10 11 12 13) \
  COUNTERSIGN_ALLOWED_HOSTS=desk.example COUNTERSIGN_BASE_URL=https://desk.example DATABASE_URL=postgresql://desk@db.example/desk

.PHONY: help demo check test nightly bench bench-full serve screenshots stop reset clean
help:
	@sed -n 's/^## //p' Makefile

## make demo         set everything up and play a month into an empty database
demo: .venv/product
	@$(MANAGE) demo
## make test         run the suite (TESTS='-k queue' for a part, JOBS=2 at once)
test: .venv/dev
	$(RUN) -m pytest -q -n $(JOBS) --dist worksteal $(TESTS)
## make nightly      the suite with many more drawn examples
nightly: .venv/dev
	COUNTERSIGN_EXAMPLES=5000 $(RUN) -m pytest -q -n $(JOBS) --dist worksteal $(TESTS)
## make check        format, lint, types, migrations, production settings, guards
check: .venv/dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	$(MANAGE) makemigrations --check --dry-run
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	$(MANAGE) check_guards --fresh
## make bench        benchmarks at a tenth of their size, each a ratio with its goal
bench: .venv/product .venv-bench/peers
	@missed=; for name in $(BENCHES); do $(RUN) -m bench.$$name --scale $(SCALE) || missed="$$missed $$name"; done; \
	  [ -z "$$missed" ] || { echo "Missed a goal, or did not end:$$missed" >&2; exit 1; }
## make bench-full   the same at full size
bench-full: SCALE = 1
bench-full: bench
## make serve        site and worker on 127.0.0.1:8000
serve: .venv/product
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) load_services --verbosity 0
	$(MANAGE) serve
## make screenshots  pictures of every main page, two widths, light and dark, in var/screenshots
screenshots: .venv/dev
	@$(MANAGE) demo >/dev/null
	$(RUN) -m tests.browser.screenshots
## make stop         end the embedded server
stop: .venv/product
	$(RUN) -m config.database.embedded stop
## make reset        empty the embedded database for real use (asks first; YES=1 does not)
reset: .venv/product
	$(MANAGE) reset $(if $(YES),--yes)
## make clean        stop the embedded server, remove var/, .venv/ and .venv-bench/
clean:
	@[ ! -x $(RUN) ] || $(RUN) -m config.database.embedded stop
	rm -rf var .venv .venv-bench

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Countersign needs Python 3.11 or later: name one with PYTHON=python3.12." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv is missing: install it (Debian: apt-get install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv .venv
.venv/product: requirements.txt | .venv/bin/python
	@echo "Installing the packages that requirements.txt pins ..." >&2
	$(PIP) -r requirements.txt
	@touch $@
.venv/dev: requirements-dev.txt | .venv/bin/python
	@echo "Installing the packages that requirements-dev.txt pins ..." >&2
	$(PIP) -r requirements-dev.txt
	@touch $@ .venv/product
# business-duration has no wheel: the one package that is built here, and only in the environment of the peers.
.venv-bench/peers: bench/requirements.txt | .venv/bin/python
	@echo "Installing the packages that bench/requirements.txt pins ..." >&2
	@[ -x .venv-bench/bin/python ] || .venv/bin/python -m venv .venv-bench
	.venv-bench/bin/$(INSTALL) --no-binary business-duration -r $<
	@touch $@
