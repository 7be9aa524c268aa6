#!/usr/bin/env bash
#
# Benchmarks: each a ratio against a yardstick in the same run, as a table and, in
# bench.jsonl, as JSON lines. Needs to make a network namespace.
#
# BRINK and YARDSTICK name the programs.
set -euo pipefail

connections=20000
pairs=2
rounds=3
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
: >bench.jsonl

# Connections a second between the first attempt and the last accept, from the worker
# samples of a run at --rate max with sampling on.
brink_rate() {
  "$BRINK" run --isolate --db "$here/b.db" --quiet --clients "$connections" --rate max \
    --messages 0 --steps 1 --plateau 1s --hold 0 --baseline 1s --acceptors "$pairs" \
    --forkers "$pairs" --sources 16 --release reset --recovery-timeout 5s --interval 10ms \
    >"$here/out" 2>&1 || { cat "$here/out" >&2; return 1; }
  sqlite3 "$here/b.db" "
    WITH ramp AS (SELECT from_us FROM phase WHERE name = 'ramp'
        AND run_id = (SELECT max(run_id) FROM run)),
      full AS (SELECT min(t_s) * 1e6 AS t_us FROM v_progress
        WHERE run_id = (SELECT max(run_id) FROM run) AND accepted >= $connections)
    SELECT CAST($connections / ((full.t_us - ramp.from_us) / 1e6) AS INTEGER)
    FROM ramp, full"
}

printf '%-28s %12s %12s %7s\n' benchmark brink yardstick ratio
for ((round = 1; round <= rounds; round++)); do
  bare=$(unshare -n sh -c "ip link set lo up && exec '$YARDSTICK' $connections $pairs")
  own=$(brink_rate)
  awk -v own="$own" -v bare="$bare" -v round="$round" 'BEGIN {
    printf "%-28s %10d/s %10d/s %7.2f\n", "connections, --rate max", own, bare, own / bare
    printf "{\"benchmark\":\"rate-max\",\"round\":%d,\"brink\":%d,\"yardstick\":%d,\"ratio\":%.3f}\n",
      round, own, bare, own / bare >>"bench.jsonl" }'
done
