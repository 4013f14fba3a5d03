# Two commands do everything: `go run ./cmd/wgtup demo` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

CACHE := $(CURDIR)/.cache
VERSITYGW_VERSION := v1.8.0
export WGTUP_VERSITYGW := $(CACHE)/bin/versitygw
export CGO_ENABLED ?= 0

# The version of release binaries; a build without a tag says so.
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

TARGETS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

.PHONY: build test deps shop vet gotest race nodetest cross demo-packages readme bench campaign fuzz reproducible clean

build: ## the command, for this machine
	go build -trimpath -ldflags="-s -w" -o bin/ ./cmd/wgtup

test: deps shop vet gotest race nodetest ## everything; installs what the tests need

# What the tests need besides Go, Node, git and a C compiler: a real S3 server, and
# from Debian, if we may: zip (packages are compared with what it makes), Java and Python
# (packages have to read the same there), jsc and chromium (the engines of phones).
DEBIAN := gcc:gcc zip:zip javac:default-jdk-headless python3:python3 jsc:libjavascriptcoregtk-4.0-bin chromium:chromium
# Another apt may be at work, as on a machine that has just started.
APT := -y -q --no-install-recommends -o DPkg::Lock::Timeout=300

deps: $(WGTUP_VERSITYGW)
	@missing=; for p in $(DEBIAN); do command -v $${p%%:*} >/dev/null || missing="$$missing $${p##*:}"; done; \
	[ -z "$$missing" ] && exit 0; \
	[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "please install:$$missing"; exit 1; }; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get install $(APT) $$missing >/dev/null 2>&1 || \
	  { apt-get update -q >/dev/null && apt-get install $(APT) $$missing >/dev/null; }

$(WGTUP_VERSITYGW):
	GOBIN=$(CACHE)/bin go install github.com/versity/versitygw/cmd/versitygw@$(VERSITYGW_VERSION)

shop: client/dist/index.js ## every version of the example app, by the real compiler (cached in .cache/shop)
	node examples/shop/build.mjs

client/dist/index.js: client/node_modules/.package-lock.json $(shell find client/src client/guard client/tools -type f)
	cd client && npm run build --silent

vet:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "run gofmt"; exit 1; }
	go vet ./...
	for os in windows darwin; do GOOS=$$os go vet ./...; done

# A skipped test is a failed one.
gotest:
	@mkdir -p $(CACHE)
	go test -v -timeout 20m ./... >$(CACHE)/test.log 2>&1 || { grep -E '^(FAIL|panic)|--- FAIL|_test\.go:[0-9]+|\.txtar:[0-9]+' $(CACHE)/test.log; tail -5 $(CACHE)/test.log; exit 1; }
	@grep '^ok' $(CACHE)/test.log
	@! grep -E -- '--- SKIP' $(CACHE)/test.log
	@echo "$$(grep -cE -- '^ *--- PASS' $(CACHE)/test.log) passed, 0 failed"

race: ## what runs concurrently, under the race detector (needs a C compiler)
	CGO_ENABLED=1 go test -race -timeout 20m ./internal/... ./wgt/...

# npm packages are installed anew when the lock file changed.
NODE := client simulator

nodetest: shop $(NODE:%=%/node_modules/.package-lock.json) ## the TypeScript client, the simulated phone, and both together
	for p in $(NODE) e2e/phone; do (cd $$p && npm test --silent) || exit 1; done

%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund --silent && touch node_modules/.package-lock.json

cross: ## static binaries for every target, in dist/; 50 ms is what a command may take to start
	for t in $(TARGETS); do \
	  GOOS=$${t%/*} GOARCH=$${t#*/} CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags="-s -w -X main.version=$(VERSION)" -o dist/wgtup-$${t%/*}-$${t#*/}$$([ $${t%/*} = windows ] && echo .exe) ./cmd/wgtup; done
	ls -l dist
	bench/startup.sh dist/wgtup-$$(go env GOOS)-$$(go env GOARCH)

demo-packages: shop build ## the two packages inside the binary
	for v in 1.0.0 1.1.0; do bin/wgtup pack $(CACHE)/shop/out/$$v -o cmd/wgtup/demo/shop-$$v.wgt; done

readme: $(WGTUP_VERSITYGW) ## the demo's transcripts in both readmes
	WGTUP_UPDATE=1 go test -count=1 -run Readme ./e2e

# What wgtup is measured beside; what cannot be had is left out.
MC_VERSION := v0.0.0-20250313080218-cf909e1063a9

$(CACHE)/bin/mc:
	GOBIN=$(CACHE)/bin go install github.com/minio/mc@$(MC_VERSION)

bench: deps shop build $(CACHE)/bin/mc ## figures into bench/README.md: startup; packing and publishing beside public tools
	@[ "$$(id -u)" != 0 ] || apt-get install -y -q --no-install-recommends advancecomp 7zip libdeflate-tools >/dev/null 2>&1 || true
	bench/startup.sh bin/wgtup
	go run ./bench -mc $(CACHE)/bin/mc

campaign: $(WGTUP_VERSITYGW) ## kill -9 at thousands of random moments, and every parser under the fuzzer
	bench/campaign.sh

fuzz: ## every parser under the fuzzer, 10 minutes of processor time each; corpora in .cache/fuzz
	bench/fuzz.sh

reproducible: ## release binaries, built twice in two folders, are the same bytes
	TARGETS="$(TARGETS)" bench/reproducible.sh

clean:
	rm -rf bin dist $(CACHE)
