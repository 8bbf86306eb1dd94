# Byline: two commands are enough, `make run` and `make test`. Both set up .venv on first use.
PY := .venv/bin/python
STORE ?= store

.DEFAULT_GOAL := help
.PHONY: run test kill lint eval bench setup clean help

run: setup ## set up if needed, ingest seeds/ if the store is empty, open the chat
	@test -e $(STORE)/ledger.sqlite || $(PY) -m ingest seeds --store $(STORE)
	@$(PY) app.py --store $(STORE)

test: setup lint ## set up if needed, run lint, types and the whole test suite
	@$(PY) -m pytest -q

kill: setup ## kill ingest at 40 moments over 20,000 passages and compare what is left (4 minutes, more on a busy machine)
	@$(PY) -m pytest -q -m slow tests/test_kill_large.py

lint: setup ## ruff and mypy alone
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

eval: setup ## the hand-written questions over seeds/: a table, and a report under eval-out/
	@$(PY) -m eval

bench: setup ## paired timings against the usual stack
	@$(PY) -m eval bench

setup: .venv/ready ## the set-up alone, into .venv (about 2.4 GB: torch 750 MB, openvino 180 MB, playwright 160 MB)

# torch comes first and by pip, pinned: a looser range takes a build with gigabytes of CUDA. uv does the rest in seconds. What the
# chat imports is then compiled once (6 s), not at its first start, or at each where Python may not keep what it compiled.
.venv/ready: pyproject.toml constraints.txt
	@echo "Setting up .venv: downloads Python packages (2.4 GB unpacked); under a minute on a fast line."
	@python3 -m venv .venv || { python3 -m pip install --quiet virtualenv && python3 -m virtualenv --quiet .venv; }
	@$(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch==2.13.0 uv
	@$(PY) -m uv pip install --quiet --python $(PY) --constraint constraints.txt --editable ".[dev]"
	@env -u PYTHONDONTWRITEBYTECODE $(PY) -c "import chromadb, gradio, app, ingest.build, qa.ask"
	@touch $@

clean: ## remove what was built: .venv, store, caches, reports
	@rm -rf .venv $(STORE) eval-out *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@echo "Byline: ask a folder of news articles. Targets:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16
