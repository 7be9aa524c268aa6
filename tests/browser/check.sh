#!/usr/bin/env bash
#
# The HTML report of $BRINK in Chromium, as TAP. Works in the current directory; $srcdir is
# that of the sources.
set -euo pipefail

fail() {
  echo "Bail out! $*"
  exit 1
}

here=$(cd "$srcdir/tests/browser" && pwd)
CHROMIUM=$(type -P chromium) || fail "there is no chromium (Debian: chromium)"
type -P npm node sqlite3 >/dev/null || fail "npm, node and sqlite3 are needed"
PAGES=$(mktemp -d)
trap 'rm -rf "$PAGES"' EXIT
MODULES=$PWD/browser-tests
export CHROMIUM PAGES MODULES

mkdir -p "$MODULES"
install -m 644 "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$MODULES"
(cd "$MODULES" && npm ci --silent) || fail "playwright-core is not to be had from npm"
"$BASH" "$here/make-pages.sh" "$PAGES" || fail "the pages could not be made"
node --test --test-reporter=tap "$here/report.test.mjs"
