# Two commands do everything: `go run ./cmd/wgtup demo` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

CACHE := $(CURDIR)/.cache
VERSITYGW_VERSION := v1.8.0
export WGTUP_VERSITYGW := $(CACHE)/bin/versitygw
export CGO_ENABLED ?= 0

TARGETS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

.PHONY: build test deps shop vet gotest race cross demo-packages readme bench clean

build: ## the command, for this machine
	go build -trimpath -ldflags="-s -w" -o bin/ ./cmd/wgtup

test: deps shop vet gotest race ## everything; installs what the tests need

# What the tests need besides Go, Node and git: a real S3 server, and from
# Debian zip (the packages are compared with what it makes), if we may.
deps: $(WGTUP_VERSITYGW)
	@command -v zip >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  { apt-get install -y -q zip >/dev/null || { apt-get update -q && apt-get install -y -q zip; } >/dev/null; }; } || \
	  { echo "please install zip"; exit 1; }

$(WGTUP_VERSITYGW):
	GOBIN=$(CACHE)/bin go install github.com/versity/versitygw/cmd/versitygw@$(VERSITYGW_VERSION)

shop: ## every version of the example app, by the real compiler (cached in .cache/shop)
	node examples/shop/build.mjs

vet:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "run gofmt"; exit 1; }
	go vet ./...
	for os in windows darwin; do GOOS=$$os go vet ./...; done

# A skipped test is a failed one.
gotest:
	go test -v -timeout 20m ./... 2>&1 | tee $(CACHE)/test.log | grep -E '^(ok|FAIL|panic|---? (FAIL|SKIP)|\s+--- (FAIL|SKIP)|.*_test\.go:[0-9]+)' | grep -v '^=== ' || true
	@! grep -qE '^(FAIL|panic:)' $(CACHE)/test.log
	@! grep -E -- '--- SKIP' $(CACHE)/test.log
	@echo "$$(grep -cE -- '^ *--- PASS' $(CACHE)/test.log) passed, 0 failed"

race: ## what runs concurrently, under the race detector (needs a C compiler)
	CGO_ENABLED=1 go test -race -timeout 20m ./internal/... ./wgt/...

cross: ## static binaries for every target, in dist/
	for t in $(TARGETS); do \
	  GOOS=$${t%/*} GOARCH=$${t#*/} CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o dist/wgtup-$${t%/*}-$${t#*/}$$([ $${t%/*} = windows ] && echo .exe) ./cmd/wgtup; done
	ls -l dist

demo-packages: shop build ## the two packages inside the binary
	for v in 1.0.0 1.1.0; do bin/wgtup pack $(CACHE)/shop/out/$$v -o cmd/wgtup/demo/shop-$$v.wgt; done

readme: $(WGTUP_VERSITYGW) ## the demo's transcripts in both readmes
	WGTUP_UPDATE=1 go test -count=1 -run Readme ./e2e

bench: shop build ## startup, and packing beside zip
	bench/startup.sh bin/wgtup
	bench/pack.sh bin/wgtup

clean:
	rm -rf bin dist $(CACHE)
