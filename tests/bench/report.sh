#!/usr/bin/env bash
#
# What an overnight run's report takes: a run of $HOURS hours (12) is made up with 10 ticks a
# second and 10 processes, analysed, written as HTML, opened in Chromium and zoomed. A line
# a figure on standard output, with its goal; exits 0 whatever they are. BRINK and OVERNIGHT
# name the programs, srcdir the sources.
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
PAGE=$here/night.html
CHROMIUM=$(type -P chromium)
MODULES=$PWD/browser-tests
export PAGE CHROMIUM MODULES

# report NAME SECONDS GOAL
report() {
  printf '%-44s %8.1f %-4s goal %s\n' "$1" "$2" "$3" "$4"
}

# timed NAME GOAL COMMAND…
timed() {
  local name=$1 goal=$2 from
  shift 2
  from=$EPOCHREALTIME
  "$@" >/dev/null
  report "$name" "$(awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }')" s "$goal"
}

timed "making up ${HOURS:=12} hours" - "$OVERNIGHT" "$here/night.db" "$HOURS"
timed "analysing them, and the text" - "$BRINK" show last --db "$here/night.db"
timed "writing the report" "< 10" "$BRINK" report last --db "$here/night.db" -o "$PAGE"
report "its size" "$(stat -c %s "$PAGE" | awk '{ print $1 / 1e6 }')" MB "< 10"

mkdir -p "$MODULES"
install -m 644 "$srcdir"/tests/browser/{package.json,package-lock.json,.npmrc} "$MODULES"
(cd "$MODULES" && npm ci --silent)
node "$srcdir/tests/bench/open.mjs" | while read -r name seconds; do
  report "${name//-/ }" "$seconds" s "< 2"
done
