#!/bin/bash
# The Windows binary under wine, on Debian: apt-get install wine64
# gcc-mingw-w64-x86-64-win32. It publishes, promotes, rolls back, repairs and is
# killed, on a folder; two publish at once. What wine cannot show: removing files
# (wine 8 lacks the call that Go makes), a console, real rename over open files.
set -eu -o pipefail
cd "$(dirname "$0")/../.."
wine=${WINE:-/usr/lib/wine/wine64}
work=$(mktemp -d)
export WINEPREFIX=$work/prefix WINEDEBUG=-all LANG=C.UTF-8
trap 'wineserver=$(dirname "$wine")/wineserver64; "$wineserver" -k 2>/dev/null || true; rm -rf "$work"' EXIT

GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go build -o "$work/wgtup.exe" ./cmd/wgtup
app=$work/app
for v in 1.0.0:100 1.1.0:110 1.2.0:120; do
  code=${v#*:} v=${v%:*}
  mkdir -p "$app/$v/static"
  awk -v dir="$app/$v/" -v v="$v" -v code="$code" '/^-- .* --$/ { out = dir $2; next } out { gsub("VERSION", v); gsub("CODE", code); print > out }' cmd/wgtup/testdata/app.txtar
done
cd "$work"
"$wine" wineboot >/dev/null 2>&1 || true
x86_64-w64-mingw32-gcc -shared -Os -o bcryptprimitives.dll "$OLDPWD/bench/wine/bcryptprimitives.c" -ladvapi32
cp bcryptprimitives.dll "$WINEPREFIX/drive_c/windows/system32/"

passed=0
check() { # EXIT PATTERN ARGS...
  local want=$1 pattern=$2; shift 2
  local out code=0
  out=$("$wine" wgtup.exe "$@" 2>&1 | tr -d '\r') || code=$?
  if [ "$code" != "$want" ] || ! grep -qE -- "$pattern" <<<"$out"; then
    echo "wgtup $*: exit $code, want $want and $pattern:"; echo "$out"; exit 1
  fi
  passed=$((passed + 1))
}
check 0 '^wgtup ' --version
check 0 'in the app' init --store 'dir:C:\bucket' --app __UNI__A1B2C3D -y
check 0 'registers the app android 1.0.0' publish --base app/1.0.0
check 0 'releases 1.1.0' publish 'app\1.1.0' -r 10%
check 0 'nothing to do' publish app/1.1.0
check 0 'from 10% to 100%' rollout production complete
check 3 'nothing to change|nothing to publish|nothing' publish app/1.1.0 --require-change
check 0 'releases 1.1.0' promote production beta
check 0 '^→ hot update to 1.1.0|installs|wgt' explain --version 1.0.0
check 0 'withdraws 1.1.0' rollback
check 0 'nothing to repair' repair
check 0 'everything verifies' verify
check 0 '渠道 production' status --lang zh
check 2 '没有签名密钥|unknown flag|未知的参数' publish --nonsense --lang zh
check 0 'nothing to remove' prune
check 0 'Register-ArgumentCompleter' completion powershell

# Killed at random moments, then again.
for n in 1 2 3 4 5 6 7 8; do
  timeout -s KILL "0.$((RANDOM % 9 + 1))" "$wine" wgtup.exe publish app/1.2.0 >/dev/null 2>&1 || true
done
check 0 '1.2.0' publish app/1.2.0
check 0 'everything verifies' verify

# Two at once: each of them ends well, or is refused.
"$wine" wgtup.exe hold ios >one 2>&1 & one=$!
"$wine" wgtup.exe hold android >two 2>&1 & two=$!
wait $one; wait $two
check 0 'on hold: android' status
check 0 'on hold: ios' status
check 0 'everything verifies' verify
echo "$("$wine" --version): $passed checks passed"
