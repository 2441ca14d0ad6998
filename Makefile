# Each target sets up what it needs in .venv. Another Python: make demo PYTHON=python3.12
# A package index of your own (such as PyTorch's for CPU only): set pip's PIP_EXTRA_INDEX_URL.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test test-machines test-floors test-latest slow lint format bench full-size fuzz docs recipes studio
.DELETE_ON_ERROR:

demo: .venv/.core
	$(BIN)/hypertransport steer --calibrated --out out/demo-words.png
	$(BIN)/hypertransport steer --calibrated --image examples/reference.png --out out/demo-picture.png
	@echo "Look at out/demo-words.png (a concept in words) and out/demo-picture.png (by a picture)."

test: .venv/.dev
	$(BIN)/pytest -n logical --dist loadfile

# All tests as twelve machines compute: instruction set x bfloat16 x threads. A selection:
#   make test-machines MACHINES="default:1:2 avx2:0:1" TESTS="-m 'numeric and not slow'"
test-machines: .venv/.dev
	$(BIN)/python tests/machines.py --machines $(MACHINES) -- $(TESTS)

# All tests with each dependency at its declared lower bound. uv resolves them, from PyPI or from
# UV_INDEX; some are old, and the torch of that day is a CUDA build of several gigabytes there.
test-floors: .venv-floors/bin/uv
	.venv-floors/bin/uv pip compile -q --resolution lowest-direct --extra dev \
		--python .venv-floors/bin/python -o .venv-floors/floors.txt pyproject.toml
	.venv-floors/bin/uv pip install --python .venv-floors/bin/python -r .venv-floors/floors.txt
	.venv-floors/bin/uv pip install --python .venv-floors/bin/python --no-deps -e .
	.venv-floors/bin/python tests/floors.py .venv-floors/floors.txt dev
	.venv-floors/bin/python -m pytest -n logical --dist loadfile $(TESTS)

# All tests with the newest dependencies that there are.
test-latest:
	$(PYTHON) -m venv .venv-latest
	.venv-latest/bin/pip install --upgrade --upgrade-strategy eager -e '.[dev]'
	.venv-latest/bin/python -m pytest -n logical --dist loadfile $(TESTS)

slow: .venv/.dev
	$(BIN)/pytest -m slow --timeout 1800

lint: .venv/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright

format: .venv/.dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: .venv/.bench
	$(BIN)/python -m benchmarks.run

full-size: .venv/.core
	$(BIN)/python -m benchmarks.full_size

fuzz: .venv/.dev
	$(BIN)/python -m benchmarks.fuzz_readers

docs: .venv/.core
	$(BIN)/python -m docs.generate

# The page of `hypertransport studio`, bundled from studio/; takes node.
studio:
	cd studio && npm ci --ignore-scripts --no-audit --no-fund && node build.js

# What training the embedded world takes; then run the modules of recipes/emojiscape.
recipes: .venv/.recipes

# One stamp per set of packages: the core alone is enough for the demo, the others add to it.
.venv/.core: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -c constraints.txt -e .
	touch $@

.venv-floors/bin/uv:
	$(PYTHON) -m venv .venv-floors
	.venv-floors/bin/pip install uv

.venv/.dev .venv/.recipes .venv/.bench: .venv/.core
	$(BIN)/pip install -c constraints.txt -e '.[$(@:.venv/.%=%)]'
	touch $@
