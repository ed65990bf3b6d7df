# Everything a contributor types. `make run` and `make test` are all that a fresh machine needs.

SHELL := /bin/bash
# Registries are away at times (infra/setup/again.sh does the same for the others).
export CARGO_NET_RETRY ?= 10
.DELETE_ON_ERROR:
.PHONY: help build run trainer-cuda check-gpu test test-rust test-web test-conformance test-identity test-e2e lint generate bench-trees bench-nn bench-automl bench-pool bench-api soak check-data check-noise check-budgets check-scale check-lighthouse screenshots web setup-test setup-services services clean bench-walls test-schema check-infra check-terraform check-docker check-observability check-restricted terraform-format

RUN      := .run
PORT     ?= 8080
HOME_DIR ?= $(RUN)/home
PYTHON   := $(abspath $(RUN))/venv/bin/python
ORT      := $(abspath $(RUN))/onnxruntime/$(if $(filter Darwin,$(shell uname -s)),libonnxruntime.dylib,libonnxruntime.so)
CUDA     := $(RUN)/cuda
# How recent a GPU the CUDA trainer needs at least: 80 is Ampere, 90 Hopper.
CUDA_COMPUTE_CAP ?= 80
TARGET   := $(or $(CARGO_TARGET_DIR),target)
WEB_SRC  := $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' 2>/dev/null)

help:
	@echo 'make run          build everything and serve on http://127.0.0.1:$(PORT) (PORT=, HOME_DIR=)'
	@echo 'make build        the same without serving: $(TARGET)/release/automl'
	@echo 'make trainer-cuda the trainer of GPU workers: $(TARGET)/release/automl-trainer-cuda (CUDA_COMPUTE_CAP=80; docs/gpu.md)'
	@echo 'make test         all tests; installs what they need (Debian packages, npm, PyPI)'
	@echo 'make services     Postgres, Redis and an S3 server for the production form on this machine; ctrl-c ends them'
	@echo 'make lint         rustfmt, clippy as errors, web lint'
	@echo 'make generate     schema.graphql and the typed documents of web/'
	@echo 'make check-data   train on every set of DATA= and check budget, estimate and ONNX file'
	@echo 'make check-noise  train on tables of noise and count what the reports say (RUNS=100)'
	@echo 'make check-budgets train with budgets from 10 s to 120 s on the sets of DATA= and watch time and memory (RUNS=100)'
	@echo 'make check-scale  train on a million rows of fifty columns, profile a CSV file of 5 GB, in little memory'
	@echo 'make check-lighthouse Lighthouse over the pages, as on a desk and on a telephone'
	@echo 'make screenshots  the pictures of docs/images anew'
	@echo 'make check-infra  Terraform, images, compose file and workflows, by their linters and policies of our own (docs/operations.md)'
	@echo 'make check-restricted the program under the rules of its image, without an engine (needs root)'
	@echo 'make check-gpu    on a machine with a GPU: the same network there and on the processor, as figures'
	@echo 'make bench-pool   what the pool adds to the work itself, and four workers against one'
	@echo 'make bench-api    the face beside Apollo Server, Yoga and MLflow, as ratios'
	@echo 'make bench-walls  what row-level security costs a request'
	@echo 'make soak         jobs for MINUTES=60 with a fault every second; SEED='
	@echo 'make bench-trees  our trees against LightGBM, as ratios'
	@echo 'make bench-nn     our network against the same one in PyTorch, as ratios'
	@echo 'make bench-automl beside AutoGluon, FLAML, H2O and mljar on every set of DATA=; hours'

build: web $(ORT)
	cargo build --release --bin automl

run: build
	ORT_DYLIB_PATH=$(ORT) $(TARGET)/release/automl serve --home $(HOME_DIR) --port $(PORT)

# Needs no GPU and no driver; both are needed to run it. Ordinary builds share its target folder and are not touched by it.
trainer-cuda: $(CUDA).env
	source $(CUDA).env && CUDA_COMPUTE_CAP=$(CUDA_COMPUTE_CAP) cargo build --release --features cuda --bin automl-trainer-cuda

$(CUDA).env: infra/setup/cuda.sh Cargo.lock
	@mkdir -p $(RUN)
	infra/setup/cuda.sh $(CUDA) > $@

check-gpu: build trainer-cuda
	tests/gpu.sh $(TARGET)/release $(CUDA).env

# After `make build` little is left to compile: both packages are named so that the crates they share have the same features.
# Then, in other terminals: source .run/services.env, and start `automl api` and `automl worker`.
services: setup-services
	@mkdir -p $(RUN)
	cargo build --quiet --release -p automl -p harness --bin dev-services
	$(TARGET)/release/dev-services --folder $(RUN)/services --env-file $(RUN)/services.env

# ---- parts -----------------------------------------------------------------------------------------------------------

web: web/dist/index.html
web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && ../infra/setup/again.sh npm ci --no-audit --no-fund --loglevel=error
	@touch $@
web/dist/index.html: web/node_modules/.package-lock.json schema.graphql $(WEB_SRC)
	cd web && npm run --silent build
	@touch $@

$(ORT): infra/setup/onnxruntime.sh
	infra/setup/onnxruntime.sh $(dir $(ORT))
	@touch $@

$(PYTHON): infra/setup/python-requirements.txt
	infra/setup/debian.sh python3-venv
	python3 -m venv $(RUN)/venv
	infra/setup/again.sh $(PYTHON) -m pip install --quiet --disable-pip-version-check -r infra/setup/python-requirements.txt
	@touch $@

# ---- tests -----------------------------------------------------------------------------------------------------------

# Tests of one crate that run over Postgres as well as over SQLite.
POSTGRES_TESTS := tasks::tests tasks::model_tests jobs_tests database::tests identities::tests pages_tests accounts::tests administration::tests quotas::tests audit::tests default_data::tests import_v1::tests
# The flow tests of the api alone; another package has a test of that name.
API_FLOW = $$(cargo test --workspace --no-run --test flow 2>&1 | sed -n 's|.*Executable tests/flow/main.rs (\(.*\))|\1|p' | xargs realpath)
# Half of what tests do is waiting for clocks and for servers: three of them fill two cores.
TEST_THREADS ?= $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) * 3 / 2 )))
TEST_ENV := ORT_DYLIB_PATH=$(ORT) CI_REQUIRE_ORT=1 AUTOML_TEST_PYTHON=$(PYTHON) AUTOML_TEST_NODE_MODULES=$(dir $(ORT))node_modules

test: test-web test-schema test-rust test-conformance test-identity test-e2e
	@echo 'all tests passed'

setup-test: web $(ORT) $(PYTHON) setup-services

# Only the programs: the tests start and stop servers of their own.
setup-services:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || infra/setup/debian.sh postgresql
	@command -v redis-server >/dev/null || infra/setup/debian.sh redis-server
	@command -v jq >/dev/null || infra/setup/debian.sh jq curl
	@ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1 || infra/setup/debian.sh faketime

test-rust: setup-test
	cargo fmt --all -- --check
	cargo fetch --quiet --locked
	$(TEST_ENV) RUST_TEST_THREADS=$(TEST_THREADS) cargo test --workspace --no-fail-fast
	tests/with-postgres.sh $(TARGET)/debug/dev-services cargo test --workspace --lib -- $(POSTGRES_TESTS)
	cd api && ../tests/with-postgres.sh $(abspath $(TARGET))/debug/dev-services $(API_FLOW)

test-web: web
	cd web && npm run --silent lint && npm test --silent && npm run --silent size
	cd web && npm run --silent generate && git diff --exit-code --stat -- src/gql

# The committed schema against published rules, against the last release, and against the documents of the web app.
SCHEMA_TOOLS := tests/schema/node_modules/.bin
tests/schema/node_modules/.package-lock.json: tests/schema/package.json tests/schema/package-lock.json
	cd tests/schema && ../../infra/setup/again.sh npm ci --no-audit --no-fund --loglevel=error
	@touch $@

test-schema: tests/schema/node_modules/.package-lock.json
	$(SCHEMA_TOOLS)/eslint --config tests/schema/eslint.config.js --max-warnings 0 schema.graphql 'web/src/**/*.{ts,tsx}'
	node tests/schema/deprecations.mjs schema.graphql
	$(SCHEMA_TOOLS)/graphql-inspector diff tests/conformance/released.graphql schema.graphql --rule ./tests/schema/wire.cjs
	$(SCHEMA_TOOLS)/graphql-inspector validate 'web/src/**/*.{ts,tsx}' schema.graphql --deprecated --onlyErrors --relativePaths

# These use the binary that test-rust has built: building it alone would compile every dependency again with fewer features.
test-e2e: test-rust
	command -v chromium >/dev/null || infra/setup/debian.sh chromium
	$(TEST_ENV) tests/with-server.sh $(TARGET)/debug/automl npm --prefix web run --silent e2e
	$(TEST_ENV) tests/with-server.sh $(TARGET)/debug/automl npm --prefix web run --silent e2e:tutorial
	@# Two at a time: most of a journey is waiting for a budget to run out.
	printf '%s\n' web/e2e/journeys/*.mjs | $(TEST_ENV) AUTOML_WEBHOOK_PRIVATE=allowed xargs -P 2 -I {} \
		bash -c 'tests/with-server.sh $(TARGET)/debug/automl node {} >$(RUN)/$$(basename {}).log 2>&1; code=$$?; cat $(RUN)/$$(basename {}).log; exit $$code'
	$(TEST_ENV) tests/with-stack.sh $(TARGET)/debug/dev-services $(TARGET)/debug/automl npm --prefix web run --silent e2e

test-conformance: test-rust tests/schema/node_modules/.package-lock.json
	cd tests/conformance && ../../infra/setup/again.sh npm ci --no-audit --no-fund --loglevel=error
	$(TEST_ENV) tests/with-server.sh $(TARGET)/debug/automl npm --prefix tests/conformance run --silent http
	$(TEST_ENV) tests/with-server.sh $(TARGET)/debug/automl npm --prefix tests/conformance run --silent websocket
	$(TEST_ENV) tests/with-server.sh $(TARGET)/debug/automl npm --prefix tests/conformance run --silent streams
	$(TEST_ENV) PYTHON=$(PYTHON) tests/with-server.sh $(TARGET)/debug/automl npm --prefix tests/conformance run --silent documents
	$(TEST_ENV) tests/with-server.sh $(TARGET)/debug/automl npm --prefix tests/schema run --silent rows
	@# Sixty operations of each field in two halves, side by side: what makes them keeps one core busy.
	printf '%s\n' 20261125 20261126 | $(TEST_ENV) EXAMPLES=30 xargs -P 2 -I {} \
		env SEED={} tests/with-server.sh $(TARGET)/debug/automl tests/schema/fuzz.sh
	$(TEST_ENV) tests/with-server.sh $(TARGET)/debug/automl tests/schema/fuzz-rest.sh

# Real issuers of tokens: a user pool and an OpenID provider.
test-identity: test-rust
	@command -v openssl >/dev/null || infra/setup/debian.sh openssl
	cd tests/identity && ../../infra/setup/again.sh npm ci --no-audit --no-fund --loglevel=error --ignore-scripts
	$(TEST_ENV) AUTOML=$(abspath $(TARGET))/debug/automl npm --prefix tests/identity run --silent test
	command -v chromium >/dev/null || infra/setup/debian.sh chromium
	$(TEST_ENV) AUTOML=$(abspath $(TARGET))/debug/automl npm --prefix tests/identity run --silent browser
	$(TEST_ENV) AUTOML=$(abspath $(TARGET))/debug/automl tests/with-postgres.sh $(TARGET)/debug/dev-services npm --prefix tests/identity run --silent test

check-lighthouse: build
	command -v chromium >/dev/null || infra/setup/debian.sh chromium
	cd tests/lighthouse && ../../infra/setup/again.sh npm ci --no-audit --no-fund --loglevel=error --ignore-scripts
	$(TEST_ENV) tests/with-server.sh $(TARGET)/release/automl npm --prefix tests/lighthouse run --silent test

screenshots: build
	command -v chromium >/dev/null || infra/setup/debian.sh chromium
	ORT_DYLIB_PATH=$(ORT) tests/with-server.sh $(TARGET)/release/automl node web/e2e/screenshots.mjs docs/images

# ---- habits ----------------------------------------------------------------------------------------------------------

lint: web
	cargo fmt --all -- --check
	cargo clippy --workspace --all-targets -- -D warnings
	cd web && npm run --silent lint

generate: web/node_modules/.package-lock.json
	cargo run --release --quiet --bin automl -- schema > schema.graphql.new && mv schema.graphql.new schema.graphql
	cd web && npm run --silent generate

bench-trees: $(PYTHON)
	infra/setup/again.sh $(PYTHON) -m pip install --quiet --disable-pip-version-check -r engine/benches/requirements.txt
	$(PYTHON) engine/benches/trees.py --threads 1 2

RIVALS  := $(abspath $(RUN))/rivals

# On the processor; BENCH_NN=--gpu adds PyTorch on a GPU where there is one.
bench-nn: $(RIVALS)/pytorch/installed
	$(RIVALS)/pytorch/bin/python engine/benches/network.py --threads 1 2 $(BENCH_NN)

# Every system of tests/bench/automl/README.md; BUDGETS, SEEDS, SYSTEMS and SETS choose less.
BUDGETS ?= 30 120
SEEDS   ?= 1 2 3
bench-automl: build $(PYTHON) $(foreach rival,autogluon flaml h2o mljar,$(RIVALS)/$(rival)/installed)
	command -v java >/dev/null || infra/setup/debian.sh default-jre-headless
	infra/setup/again.sh $(PYTHON) -m pip install --quiet --disable-pip-version-check pandas
	ORT_DYLIB_PATH=$(ORT) $(PYTHON) tests/bench/automl/bench.py --data $(DATA) --automl $(TARGET)/release/automl --rivals $(RIVALS) \
		--budgets $(BUDGETS) --seeds $(SEEDS) $(if $(SYSTEMS),--systems $(SYSTEMS)) $(if $(SETS),--sets $(SETS)) \
		--results $(TARGET)/bench-automl.csv --report docs/benchmarks/automl.md

$(RIVALS)/pytorch/installed: engine/benches/requirements-network.txt
	python3 -m venv $(RIVALS)/pytorch
	infra/setup/again.sh $(RIVALS)/pytorch/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

$(RIVALS)/%/installed: tests/bench/automl/requirements-%.txt
	python3 -m venv $(RIVALS)/$*
	infra/setup/again.sh $(RIVALS)/$*/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# In the profile of the tests, whose build it shares: what is measured is the pool, and engine and model are optimised there too.
bench-pool: setup-services
	cargo bench --workspace --profile dev --bench pool

MLFLOW := $(abspath $(RUN))/mlflow/bin/python
# In the release profile, over Postgres, Redis and an S3 server of its own. PARTS= names some of it: hello jobs predict sockets commit.
bench-api: build setup-services
	command -v wrk >/dev/null || infra/setup/debian.sh wrk
	cargo build --quiet --release -p automl -p harness --bin dev-services
	infra/setup/again.sh npm --prefix tests/bench/api ci --no-audit --no-fund --loglevel=error
	[ -x $(MLFLOW) ] || python3 -m venv $(RUN)/mlflow
	infra/setup/again.sh $(MLFLOW) -m pip install --quiet --disable-pip-version-check -r tests/bench/api/requirements.txt
	# Postgres runs as another account, which has to enter the folder.
	folder=$$(mktemp -d) && chmod 755 $$folder && trap "rm -rf $$folder" EXIT && ulimit -n $$(ulimit -Hn) && cd tests/bench/api && \
		ORT_DYLIB_PATH=$(ORT) AUTOML=$(abspath $(TARGET))/release/automl PYTHON=$(MLFLOW) \
		$(abspath $(TARGET))/release/dev-services --folder $$folder --postgres-port 0 --redis-port 0 --s3-port 0 -- node bench.mjs $(PARTS)

# What the database's own wall between people costs, as a ratio.
bench-walls: setup-services
	cargo test --workspace --test walls -- --ignored --nocapture with_and_without

# An hour in which something breaks every second; `make test` runs half a minute of it.
MINUTES ?= 60
SEED    ?= 1
soak: setup-services $(ORT)
	$(TEST_ENV) AUTOML_SOAK_MINUTES=$(MINUTES) AUTOML_SOAK_SEED=$(SEED) cargo test --workspace --test soak -- --nocapture

# Trains on every set of a data folder and checks budget, honesty of the estimate and the ONNX file; DATA=, BUDGET= in seconds.
DATA   ?= ../shared/data
BUDGET ?= 60
check-data: build $(PYTHON)
	ORT_DYLIB_PATH=$(ORT) $(PYTHON) tests/acceptance/check.py $(TARGET)/release/automl $(DATA) --budget $(BUDGET)

# A hundred runs on noise, and a hundred whose budgets and memory are watched (over an hour).
RUNS ?= 100
check-noise: build $(PYTHON)
	ORT_DYLIB_PATH=$(ORT) $(PYTHON) tests/acceptance/noise.py $(TARGET)/release/automl --runs $(RUNS)
check-budgets: build $(PYTHON)
	ORT_DYLIB_PATH=$(ORT) $(PYTHON) tests/acceptance/budgets.py $(TARGET)/release/automl $(DATA) --runs $(RUNS)
# A million rows in 4 GiB and ten minutes, a CSV file of 5 GB in 1 GiB.
check-scale: build $(PYTHON)
	ORT_DYLIB_PATH=$(ORT) $(PYTHON) tests/acceptance/scale.py $(TARGET)/release/automl

# ---- infra -----------------------------------------------------------------------------------------------------------

INFRA := $(abspath $(RUN))/infra
$(INFRA)/installed: infra/requirements.txt
	infra/setup/debian.sh python3-venv
	python3 -m venv $(INFRA)
	infra/setup/again.sh $(INFRA)/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

infra/terraform/tests/node_modules/.package-lock.json: infra/terraform/tests/package.json infra/terraform/tests/package-lock.json
	cd infra/terraform/tests && ../../setup/again.sh npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

check-infra: check-terraform check-docker check-observability

# There is no terraform in a package registry: infra/terraform/README.md, "What was checked".
check-terraform: $(INFRA)/installed infra/terraform/tests/node_modules/.package-lock.json
	cd infra/terraform/tests && $(INFRA)/bin/python -m unittest
	$(INFRA)/bin/checkov -d infra/terraform --framework terraform --var-file infra/terraform/prod.tfvars --quiet --compact --skip-download
	$(INFRA)/bin/checkov -d infra/terraform --framework terraform --var-file infra/terraform/dev.tfvars --quiet --compact --skip-download

check-docker: $(INFRA)/installed
	$(INFRA)/bin/checkov -d infra/docker --framework dockerfile --quiet --compact --skip-download
	cd infra/docker/tests && INFRA_TOOLS=$(INFRA)/bin $(INFRA)/bin/python -m unittest

check-observability: $(INFRA)/installed
	infra/setup/promtool.sh $(INFRA)/bin
	cd infra/observability/tests && INFRA_TOOLS=$(INFRA)/bin $(INFRA)/bin/python -m unittest

# The program under the rules of its image: another account, no capabilities, a read-only file system. Needs root.
check-restricted: build
	@command -v jq >/dev/null || infra/setup/debian.sh jq curl
	infra/docker/tests/restricted.sh $(TARGET)/release/automl $(ORT)

terraform-format: infra/terraform/tests/node_modules/.package-lock.json
	node infra/terraform/tests/read.mjs infra/terraform --write > /dev/null

clean:
	rm -rf target web/dist web/node_modules $(RUN)/venv $(RUN)/onnxruntime $(RUN)/infra $(CUDA) $(CUDA).env
