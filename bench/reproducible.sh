#!/bin/bash
# Builds the release binaries twice, in two folders and with nothing cached of the first,
# and compares them. TARGETS as in the Makefile.
set -eu -o pipefail
cd "$(dirname "$0")/.."
targets=${TARGETS:-$(sed -n 's/^TARGETS := //p' Makefile)} version=${VERSION:-reproducible}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for copy in one another/and-deeper; do
  mkdir -p "$work/$copy"
  git archive HEAD | tar x -C "$work/$copy"
  for t in $targets; do
    (cd "$work/$copy" && GOOS=${t%/*} GOARCH=${t#*/} CGO_ENABLED=0 GOCACHE="$work/cache-${copy%%/*}" \
      go build -trimpath -buildvcs=false -ldflags="-s -w -X main.version=$version" -o "$work/out-${copy%%/*}/wgtup-${t%/*}-${t#*/}" ./cmd/wgtup)
  done
done
(cd "$work/out-one" && sha256sum *) | tee "$work/sums"
(cd "$work/out-another" && sha256sum --quiet -c "$work/sums")
echo "the same bytes twice: $(wc -w <<<"$targets") binaries"
