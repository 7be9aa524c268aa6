#!/usr/bin/env bash
# Two thousand databases that are damaged, or made to do harm, under the commands that read
# one: tests/hostile/mutants.c says what must hold. MUTANTS and SHARE in the environment: how
# many (2,000), and that each sees one command in so many (8; 24 where sanitizers make it slow).
source "$srcdir/tests/system/lib.sh"

mutants=${BRINK%/*}/tests/hostile/mutants
count=${MUTANTS:-2000}
share=8
if grep -qa __asan_init "$BRINK"; then
  share=24
fi
jobs=$(nproc)
each=$(((count + jobs - 1) / jobs))

pids=()
for ((i = 0; i < jobs; i++)); do
  "$mutants" $((i * each)) "$each" "${SHARE:-$share}" >"$here/$i" 2>&1 &
  pids+=("$!")
done
for ((i = 0; i < jobs; i++)); do
  wait "${pids[i]}"
  is "mutants from $((i * each)) on: exit code" "$?" 0
  sed 's/^[^#]/# &/' "$here/$i"
  is "mutants from $((i * each)) on: none did harm" "$(tail -n 1 "$here/$i")" \
    "0 of $each mutants did harm"
done
finish
