# Everything a developer does here is a target; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
# Node 26 comes with the npm packages, whatever the machine has.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

##@ Start here
.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^##@ / { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: install controlplane ## Watch a real kube-scheduler place real pods as the grid turns
	@node hack/demo/run.ts $(ARGS)

.PHONY: test
test: install controlplane ## Lint, types, unit, property, contract and end-to-end tests
	@node hack/test/run.ts $(ARGS)

##@ Parts of it
.PHONY: install
install: node_modules/.package-lock.json ## Install the npm packages (Node 26 among them)

node_modules/.package-lock.json: package.json package-lock.json
	@npm ci --ignore-scripts --loglevel=error
	@touch $@

.PHONY: build
build: install ## Compile to dist/
	@npm run --silent build

.PHONY: lint
lint: install ## Lint, format and types
	@eslint . && prettier --check --log-level warn . && tsc --noEmit

.PHONY: format
format: install ## Format and fix what can be fixed
	@prettier --write --log-level warn . && eslint --fix .

.PHONY: test-unit
test-unit: install ## Unit, property and contract tests with coverage of the pure rooms
	@c8 mocha 'test/unit/**/*.test.ts' 'test/contract/**/*.test.ts'

.PHONY: test-e2e
test-e2e: install controlplane ## End-to-end tests (E2E_CLUSTER=own, kind or existing)
	@mocha --config test/e2e/.mocharc.json 'test/e2e/**/*.test.ts'

.PHONY: generate
generate: install ## Make again what is generated and committed: JSON Schema, trace
	@node hack/policy-schema.ts
	@node hack/traces/generate.ts

.PHONY: fixtures
fixtures: install controlplane ## Record anew what a real kube-scheduler sends
	@node hack/fixtures/record.ts

##@ Control plane
.PHONY: controlplane
controlplane: install ## Build etcd, Kubernetes and KWOK from Go modules, once (K8S=1.36, 1.35 or 1.34)
	@if [ "$${E2E_CLUSTER:-own}" != existing ] || [ "$${E2E_KWOK:-here}" != cluster ]; then node hack/controlplane/build.ts; fi

.PHONY: controlplane-up
controlplane-up: install controlplane ## Run one in the foreground and print its KUBECONFIG (ARGS="--nodes eu-west-1=5")
	@node hack/controlplane/up.ts $(ARGS)

##@ Speed
.PHONY: bench
bench: bench-extender bench-scheduler bench-admission bench-gatekeeper bench-signal bench-planning ## All benchmarks (quiet machine, about an hour)

.PHONY: bench-extender
bench-extender: install ## Latency of filter and prioritize against Go and against fixed bytes
	@npm run --silent bench:extender -- $(ARGS)

.PHONY: bench-scheduler
bench-scheduler: install controlplane ## Rate of a real kube-scheduler on 5,000 nodes with and without Lowtide
	@npm run --silent bench:scheduler -- $(ARGS)

.PHONY: bench-admission
bench-admission: install controlplane ## Rate of pod creation with the webhooks registered and without
	@npm run --silent bench:admission -- $(ARGS)

.PHONY: bench-gatekeeper
bench-gatekeeper: install controlplane ## Pace at which 10,000 held pods go, against a loop that only patches
	@npm run --silent bench:gatekeeper -- $(ARGS)

.PHONY: bench-signal
bench-signal: install ## Requests that a day of the carbon signal takes, 60 regions, in virtual time
	@npm run --silent bench:signal -- $(ARGS)

.PHONY: bench-planning
bench-planning: install ## What planning saves, on real grids and jobs (TRACES=folder of the trace files), and a million jobs
	@npm run --silent bench:planning -- $(if $(TRACES),--traces $(TRACES)) $(ARGS)

.PHONY: clean
clean: ## Remove what was built here (not the control plane's cache)
	@rm -rf dist coverage tmp
