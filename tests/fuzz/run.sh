#!/usr/bin/env bash
#
# Runs the fuzzers named on the command line, all at once, for FUZZ_SECONDS, 60 unless told,
# on their seeds and on what they find. What crashes one is kept beside it.
set -uo pipefail

seconds=${FUZZ_SECONDS:-60}
export UBSAN_OPTIONS=print_stacktrace=1

# fuzz NAME FUZZER: what it finds meanwhile is of use only to itself.
fuzz() {
  local name=$1 fuzzer=$2 corpus status

  corpus=$(mktemp -d)
  "./$fuzzer" -max_total_time="$seconds" -max_len=8192 -timeout=20 -print_final_stats=1 \
    -artifact_prefix="$PWD/$name-" "$corpus" "$srcdir/tests/fuzz/seeds/${name#fuzz_}" \
    >"$name.log" 2>&1
  status=$?
  rm -rf "$corpus"
  return "$status"
}

pids=()
for fuzzer in "$@"; do
  fuzz "${fuzzer##*/}" "$fuzzer" &
  pids+=("$!")
done
failures=0
for fuzzer in "$@"; do
  name=${fuzzer##*/}
  if wait "${pids[0]}"; then
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$name.log")
    echo "ok - $name: $runs inputs in $seconds s"
  else
    failures=$((failures + 1))
    echo "not ok - $name: see $PWD/$name.log"
    tail -n 40 "$name.log" | sed 's/^/# /'
  fi
  pids=("${pids[@]:1}")
done
((failures == 0))
