#!/usr/bin/env bash
# Size and time of `wgtup pack` beside `zip -9 -X -D -r`, for builds of
# examples/shop: runs interleaved, median of 7.
set -euo pipefail
bin=$(realpath "${1:?usage: pack.sh BINARY}"); root=$(cd "$(dirname "$0")/.." && pwd); tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
median() { sort -n | awk '{ v[NR] = $1 } END { print int(v[int(NR/2)+1]/1000) }'; }
printf '%-8s %10s %10s %7s %9s %9s\n' build pack zip-9 ratio pack-ms zip-ms
for v in 1.0.0 1.5.0 2.0.0; do
  tree=$root/.cache/shop/out/$v; : >"$tmp/p"; : >"$tmp/z"
  for _ in 1 2 3 4 5 6 7; do
    a=$(date +%s%N); "$bin" pack "$tree" -o "$tmp/a.wgt" -q >/dev/null 2>&1; b=$(date +%s%N); echo $(((b - a) / 1000)) >>"$tmp/p"
    rm -f "$tmp/z.zip"; a=$(date +%s%N); (cd "$tree" && zip -9 -X -D -q -r "$tmp/z.zip" .); b=$(date +%s%N); echo $(((b - a) / 1000)) >>"$tmp/z"
  done
  p=$(stat -c %s "$tmp/a.wgt"); z=$(stat -c %s "$tmp/z.zip")
  printf '%-8s %10d %10d %7s %9d %9d\n' "$v" "$p" "$z" "$(awk "BEGIN{printf \"%.4f\", $p/$z}")" "$(median <"$tmp/p")" "$(median <"$tmp/z")"
done
