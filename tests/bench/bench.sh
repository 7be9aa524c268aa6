#!/usr/bin/env bash
#
# Benchmarks of brink against the yardstick of the same minute: a table on standard output,
# JSON lines in bench.jsonl. A goal is a ratio to the yardstick where it says so, else a
# figure of its own. Needs to make network namespaces, and the machine to itself.
#
# BRINK, YARDSTICK and OVERNIGHT name the programs. BENCH_MILLION=1 adds the time to a million
# connections, BENCH_HISTORY=1 the time of questions to over 100 million readings. Exits 0
# whatever the figures: they are for reading.
set -euo pipefail

rounds=${BENCH_ROUNDS:-5}
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
db=$here/bench.db
: >bench.jsonl

# report NAME VALUE UNIT GOAL: a line of the table and of JSON. GOAL is "<= 6" or ">= 0.95".
report() {
  awk -v name="$1" -v value="$2" -v unit="$3" -v goal="$4" 'BEGIN {
    split(goal, g, " ")
    met = g[1] == "<=" ? value + 0 <= g[2] + 0 : value + 0 >= g[2] + 0
    printf "%-46s %12s %-10s %9s  %s\n", name, value, unit, goal, met ? "met" : "MISSED"
    printf "{\"benchmark\":\"%s\",\"value\":%s,\"unit\":\"%s\",\"goal\":\"%s\",\"met\":%s}\n",
      name, value, unit, goal, met ? "true" : "false" >>"bench.jsonl" }'
}

sql() {
  sqlite3 -readonly "$db" "WITH newest AS (SELECT max(run_id) AS run_id FROM run) $1"
}

run() {
  "$BRINK" run --isolate --db "$db" --quiet --release reset --recovery-timeout 5s \
    --baseline 1s --steps 1 "$@" >"$here/out" 2>&1 || { cat "$here/out" >&2; return 1; }
}

yardstick() {
  unshare -n sh -c "ip link set lo up && exec '$YARDSTICK' $1 $2"
}

median() {
  sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# brink_rate N: connections accepted a second between the first and the last tenth of N,
# by the samples, with the times between two ticks taken in proportion.
brink_rate() {
  sql ", seen AS (
      SELECT t_s, accepted, lag(t_s) OVER (ORDER BY t_s) AS t0,
        lag(accepted) OVER (ORDER BY t_s) AS a0
      FROM v_progress WHERE run_id = (SELECT run_id FROM newest)),
    mark (part) AS (VALUES ($1 / 10), ($1 - $1 / 10)),
    crossing AS (
      SELECT part, min(t0 + (t_s - t0) * (part - a0) / (accepted - a0)) AS t_s
      FROM mark JOIN seen ON a0 < part AND accepted >= part GROUP BY part)
    SELECT CAST(($1 - $1 / 10 * 2) / (max(t_s) - min(t_s)) AS INTEGER) FROM crossing"
}

# With the sampler at ten times its usual rate, so that the crossings are sharp.
bench_rate() {
  local connections=38000 pairs=2 round bare own

  for ((round = 0; round < rounds; round++)); do
    bare=$(yardstick "$connections" "$pairs")
    run --clients "$connections" --rate max --messages 0 --plateau 1s --hold 0 \
      --acceptors "$pairs" --forkers "$pairs" --interval 10ms
    own=$(brink_rate "$connections")
    awk -v own="$own" -v bare="${bare% *}" 'BEGIN { printf "%.3f\n", own / bare }' \
      >>"$here/ratios"
    echo "$own" >>"$here/own"
    echo "${bare% *}" >>"$here/bare"
  done
  report "connections a second, bare loops" "$(median <"$here/bare")" 1/s ">= 0"
  report "connections a second, --rate max" "$(median <"$here/own")" 1/s ">= 0"
  report "--rate max against the bare loops, median" "$(median <"$here/ratios")" ratio ">= 0.95"
}

bench_million() {
  local bare own

  bare=$(yardstick 1002400 56)
  run --clients 1000000 --rate max --messages 0 --plateau 1s --hold 2s
  own=$(sql "SELECT round(min(v.t_s) - p.from_us / 1e6, 1) FROM v_progress AS v
    JOIN newest USING (run_id) JOIN phase AS p ON p.run_id = v.run_id AND p.seq = 1
    WHERE accepted >= 1000000")
  report "time to a million" "$own" s ">= 0"
  report "time to a million against the bare loops" \
    "$(awk -v own="$own" -v bare="${bare#* }" 'BEGIN { printf "%.3f", own / bare }')" \
    ratio "<= 1.15"
  report "private memory of all processes, a connection" \
    "$(sql "SELECT max(bytes) / 1000000 FROM (SELECT sum(private_bytes) AS bytes
      FROM group_sample JOIN newest USING (run_id) WHERE private_bytes NOT NULL
      GROUP BY tick)")" B "<= 200"
}

# latency KIND QUANTILE: of the whole newest run.
latency() {
  "$BRINK" show last --json --db "$db" -o "$here/show.json"
  sql "SELECT json_extract(value, '\$.$2') FROM newest,
    json_each(CAST(readfile('$here/show.json') AS TEXT), '\$.latency')
    WHERE json_extract(value, '\$.kind') = '$1'"
}

# connect counts from the time that a connection was due to the end of its handshake.
bench_pacing() {
  local rate

  for rate in 2000 20000; do
    run --clients $((5 * rate < 60000 ? 5 * rate : 60000)) --rate "$rate" --messages 0 \
      --plateau 1s --hold 0
    report "start and handshake against schedule, p99, $rate/s" \
      "$(latency connect p99_us)" us "<= 1000"
    report "slots missed, $rate/s" "$(sql "SELECT missed_slots FROM v_run_health
      JOIN newest USING (run_id)")" 1 "<= 0"
  done
}

# role_cpu ROLE: microseconds of CPU of a process a second, over the hold.
role_cpu() {
  sql "SELECT CAST((max(u) - min(u)) / (max(t_s) - min(t_s)) AS INTEGER) FROM (
      SELECT t.t_us / 1e6 AS t_s, x.cpu_user_us_total + x.cpu_system_us_total AS u
      FROM process_sample AS x JOIN newest USING (run_id)
      JOIN tick AS t ON t.run_id = x.run_id AND t.tick = x.tick
      JOIN process AS p ON p.run_id = x.run_id AND p.process_id = x.subject
      JOIN phase AS h ON h.run_id = x.run_id AND h.name = 'hold'
      WHERE p.role = '$1' AND t.t_us BETWEEN h.from_us AND h.to_us)"
}

sample_tables="host netns cgroup listener process worker group"

rows_stored() {
  local kind

  {
    for kind in $sample_tables; do
      sql "SELECT count(*) FROM ${kind}_sample JOIN newest USING (run_id)"
    done
    sql "SELECT count(*) FROM gauge_sample JOIN newest USING (run_id)"
  } | awk '{ n += $1 } END { print n }'
}

# A hundred processes: 20,000 connections held by 80 clients, 10 acceptors, 2 forkers.
bench_sampler() {
  local hz rows

  for hz in 10 100; do
    run --clients 20000 --rate 20000 --per-client 250 --acceptors 10 --forkers 2 \
      --plateau 0 --hold 10s --interval $((1000 / hz))ms
    report "a tick at $hz Hz, mean in the hold" \
      "$(sql "SELECT CAST(avg(took_us) AS INTEGER) FROM tick JOIN newest USING (run_id)
        JOIN phase AS h USING (run_id) WHERE h.name = 'hold'
          AND t_us BETWEEN h.from_us AND h.to_us")" us "<= 1000"
    report "sampler's share of a core at $hz Hz" \
      "$(awk -v us="$(role_cpu sampler)" 'BEGIN { printf "%.2f", us / 1e4 }')" % \
      "<= $((hz / 10))"
    report "tick lateness at $hz Hz, p99" \
      "$(sql "SELECT late_p99_us FROM v_run_health JOIN newest USING (run_id)")" us "<= 1000"
    report "ticks missed at $hz Hz" \
      "$(sql "SELECT missed_ticks FROM v_run_health JOIN newest USING (run_id)")" 1 "<= 0"
  done
  rows=$(rows_stored)
  report "rows stored, a second of the recorder's CPU" \
    "$(awk -v rows="$rows" -v us="$(role_cpu recorder)" -v s="$(sql "SELECT duration_s
      FROM v_run JOIN newest USING (run_id)")" \
      'BEGIN { printf "%d", rows / (us / 1e6 * s) }')" 1/s ">= 100000"
}

# readings RUN: values that are not NULL.
readings() {
  "$BRINK" show last --db "$db" -o "$here/show"
  sql "SELECT count(value) FROM v_sample JOIN newest USING (run_id)"
}

file_bytes() {
  stat -c %s "$1"
}

bench_store() {
  local values before

  db=$here/store.db
  run --clients 2000 --rate 2000 --plateau 1s --hold 30s --interval 10ms
  values=$(readings)
  before=$(file_bytes "$db")
  report "database, bytes a reading" \
    "$(awk -v b="$before" -v n="$values" 'BEGIN { printf "%.2f", b / n }')" B "<= 6"
  "$BRINK" pack --db "$db" last >"$here/out"
  report "packed database, bytes a reading" \
    "$(awk -v b="$(file_bytes "$db")" -v n="$values" 'BEGIN { printf "%.2f", b / n }')" \
    B "<= 1.5"
}

# took NAME COMMAND…: its time in seconds, with its output thrown away.
took() {
  local name=$1 from=$EPOCHREALTIME
  shift

  "$@" >/dev/null
  report "$name" "$(awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.3f", b - a }')" \
    s "<= 1"
}

# Runs of an hour, then one of eight at 10 Hz, which the questions are about.
bench_history() {
  local question view run

  db=$here/history.db
  for run in 1 1 1 8 8; do
    "$OVERNIGHT" "$db" "$run"
    "$BRINK" show last --db "$db" >"$here/out"
  done
  # As many a tick in every run: those of one tick tell.
  report "readings in the history" "$(sql "SELECT (SELECT count(*) FROM tick)
    * (SELECT count(value) FROM v_sample WHERE run_id = 1 AND tick = 100)")" 1 ">= 100000000"
  took "brink list" "$BRINK" list --db "$db"
  took "brink show last" "$BRINK" show last --db "$db"
  for question in $("$BRINK" query --list | cut -d' ' -f1); do
    took "brink query $question" "$BRINK" query "$question" --db "$db"
  done
  for view in v_run v_breaking_point v_leak_rate v_cost_per_connection v_forecast \
    v_recovery v_failure v_funnel v_latency v_worker_balance v_run_health v_history; do
    took "$view of all runs" sqlite3 -readonly "$db" "SELECT * FROM $view"
  done
  took "v_progress of an hour, every tick" sqlite3 -readonly "$db" \
    "SELECT * FROM v_progress WHERE run_id = 1"
  took "v_progress of eight hours, every tick" sqlite3 -readonly "$db" \
    "SELECT * FROM v_progress WHERE run_id = 5"
}

printf '%-46s %12s %-10s %9s\n' benchmark value unit goal
bench_rate
bench_pacing
bench_sampler
bench_store
if [[ ${BENCH_MILLION:-0} == 1 ]]; then
  bench_million
fi
if [[ ${BENCH_HISTORY:-0} == 1 ]]; then
  bench_history
fi
