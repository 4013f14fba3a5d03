#!/bin/bash
# Every parser under the fuzzer for FUZZCPU seconds of processor time each, a minute at
# a time and one after the other, so that a run that is broken off has given all of them
# their part. TARGETS names some only, as folder/FuzzName; what they found stays in CORPUS
# and counts next time. A crash ends it; its input is then in the folder's testdata/fuzz.
set -eu -o pipefail
cd "$(dirname "$0")/.."
cpu=${FUZZCPU:-600} slice=${SLICE:-60s} corpus=${CORPUS:-$PWD/.cache/fuzz}
programs=$(mktemp -d)
trap 'rm -rf "$programs"' EXIT

targets=${TARGETS:-$(grep -r --include='*_test.go' '^func Fuzz' . | grep -v node_modules | sed -E 's|^\./(.*)/[^/]*:func (Fuzz[A-Za-z0-9]*).*|\1/\2|' | sort)}
declare -A used execs
for t in $targets; do used[$t]=0 execs[$t]=0; done

TIMEFORMAT='%U %S'
left=1
while [ $left = 1 ]; do
  left=0
  for t in $targets; do
    [ "${used[$t]}" -lt "$cpu" ] || continue
    left=1 folder=${t%/*} name=${t##*/} program=$programs/${t//\//-}
    [ -x "$program" ] || go test -c -fuzz "^$name\$" -o "$program" "./$folder"
    log=$program.log
    spent=$( { time (cd "$folder" && "$program" -test.run '^$' -test.fuzz "^$name\$" -test.fuzztime "$slice" -test.parallel 1 -test.fuzzcachedir "$corpus/$folder" >"$log" 2>&1); } 2>&1 ) || { cat "$log"; exit 1; }
    used[$t]=$(awk -v a="${used[$t]}" '{ print int(a + $1 + $2) }' <<<"$spent")
    execs[$t]=$((execs[$t] + $(grep -o 'execs: [0-9]*' "$log" | tail -1 | cut -c8-)))
    echo "$t: ${used[$t]} s of processor time, ${execs[$t]} inputs, corpus $(ls "$corpus/$folder/$name" 2>/dev/null | wc -l), no crash"
  done
done
