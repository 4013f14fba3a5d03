#!/usr/bin/env bash
# How long `wgtup --version` takes: median of 31 runs, in milliseconds;
# 50 or more is a failure.
set -euo pipefail
bin=${1:?usage: startup.sh BINARY}
for _ in $(seq 31); do
  a=$(date +%s%N); "$bin" --version >/dev/null; b=$(date +%s%N); echo $(( (b - a) / 1000 ))
done | sort -n | awk '{ v[NR] = $1 } END { m = v[int(NR/2)+1]/1000; printf "wgtup --version: median %.1f ms, max %.1f ms\n", m, v[NR]/1000; exit m >= 50 }'
