#!/bin/bash
# Longer than the tests: kill -9 at random moments, and every parser under the
# fuzzer. KILLS of each command on each store, CUTS of a phone's power on each
# platform, SEED of the moments, FUZZCPU seconds for each fuzz target.
set -eu -o pipefail
cd "$(dirname "$0")/.."
kills=${KILLS:-1000} cuts=${CUTS:-5000} seed=${SEED:-$(date +%Y%m%d)}

echo "$(date -u +%F), seed $seed, $(git rev-parse --short HEAD)"
WGTUP_CAMPAIGN=$kills WGTUP_SEED=$seed go test -count=1 -timeout 24h -run 'TestP13Campaign' -v ./e2e | grep -E 'violations|^(---|ok|FAIL)|^ *campaign_test'
(cd e2e/phone && WGTUP_CUTS=$cuts WGTUP_SEED=$seed node --test power-android.test.js power-ios.test.js | grep -E 'violations|cuts, seeds')

FUZZCPU=${FUZZCPU:-60} bench/fuzz.sh
