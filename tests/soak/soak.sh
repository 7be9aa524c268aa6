#!/usr/bin/env bash
# A night of cycles: brink's own processes must not grow, no tick be missed, the log stay
# small, and the database grow as it was said to.
#
# SOAK is about how long: 20m (the default), 60s for a look, 8h for a night. Needs sqlite3.
source "$srcdir/tests/system/lib.sh"

case ${SOAK:=20m} in
  *h) seconds=$((${SOAK%h} * 3600)) ;;
  *m) seconds=$((${SOAK%m} * 60)) ;;
  *) seconds=${SOAK%s} ;;
esac
# A cycle a minute, but no more than a run may have; about 12 s of each are not its hold.
cycles=$((seconds < 180 ? 3 : seconds > 6000 ? 100 : seconds / 60))
hold=$((seconds / cycles > 17 ? seconds / cycles - 12 : 5))
load=(--isolate --db "$db" --quiet --clients 2000 --rate 2000 --steps 1 --plateau 1s
  --hold "${hold}s" --cycles "$cycles" --duration 720h --release reset --recovery-timeout 10s)

plan() {
  "$BRINK" run --dry-run --json "${load[@]}" >"$here/plan.json"
  sqlite3 :memory: "SELECT json_extract(CAST(readfile('$here/plan.json') AS TEXT), '$1')"
}

forecast=$(plan '$.data.estimated_bytes')
forecast_ticks=$(plan '$.data.ticks')

"$BRINK" run "${load[@]}" >"$here/out" 2>"$here/err" &
supervisor=$!
wal=0
while kill -0 "$supervisor" 2>/dev/null; do
  now=$(stat -c %s "$db-wal" 2>/dev/null || echo 0)
  ((now > wal)) && wal=$now
  read -rt 1 <> <(:)
done
wait "$supervisor"
is "the run survives" "$?|$(sql "$verdict")" "0|survived||"

is "every cycle held all" \
  "$(sql 'SELECT (SELECT count(*) FROM v_cycle), (SELECT sum(established) FROM v_funnel)')" \
  "$cycles|$((2000 * cycles))"

# growth ROLE COLUMN: Theil-Sen slope of the column over the holds in the later half of the
# run (in the first the page cache fills), times its length: the median slope of all pairs of
# 60 medians, each of a sixtieth of the time.
growth() {
  sql "WITH half AS (SELECT run_id, (min(from_us) + max(to_us)) / 2 AS from_us,
          max(to_us) AS to_us
        FROM phase WHERE name = 'hold'),
      sample AS (
        SELECT t.t_us, x.$2 AS value,
          (t.t_us - h.from_us) * 60 / (h.to_us - h.from_us + 1) AS part
        FROM half AS h JOIN phase AS hold ON hold.run_id = h.run_id AND hold.name = 'hold'
          AND hold.to_us > h.from_us
        JOIN tick AS t ON t.run_id = h.run_id
          AND t.t_us BETWEEN max(h.from_us, hold.from_us) AND hold.to_us
        JOIN process AS p ON p.run_id = h.run_id AND p.role = '$1'
        JOIN process_sample AS x ON x.run_id = t.run_id AND x.tick = t.tick
          AND x.subject = p.process_id
        WHERE x.$2 IS NOT NULL),
      ranked AS (
        SELECT part, t_us, value, row_number() OVER (PARTITION BY part ORDER BY value) AS r,
          count(*) OVER (PARTITION BY part) AS n
        FROM sample),
      point AS (SELECT part AS x, value AS y FROM ranked WHERE r = (n + 1) / 2),
      slope AS (
        SELECT (b.y - a.y) * 1.0 / (b.x - a.x) AS s FROM point AS a JOIN point AS b
          ON b.x > a.x),
      ordered AS (SELECT s, row_number() OVER (ORDER BY s) AS r, count(*) OVER () AS n
        FROM slope)
    SELECT CAST(s * 60 AS INTEGER) FROM ordered WHERE r = (n + 1) / 2"
}

# flat NAME GROWTH RESOLUTION
flat() {
  echo "# $1: $2 over the later half"
  ok "$1 is flat" test -n "$2" -a "${2:-1}" -le "$3"
}

page=4096
# SQLite keeps 2 MiB of pages (PRAGMA cache_size): until they are full the recorder grows.
roles="supervisor sampler"
if (($(stat -c %s "$db") > 4 << 20)); then
  roles+=" recorder"
else
  skip "the recorder's page cache is not full after $SOAK"
fi
for role in $roles; do
  flat "fds of the $role" "$(growth "$role" fds)" 0
  flat "resident memory of the $role" "$(growth "$role" rss_bytes)" "$page"
  flat "private memory of the $role" "$(growth "$role" private_bytes)" "$page"
done

is "no tick is missed, none is lost" \
  "$(sql 'SELECT missed_ticks, gaps FROM v_run_health')" "0|0"
echo "# late by $(sql 'SELECT late_p99_us FROM v_run_health') us, p99"
is "no slot is missed" "$(sql 'SELECT missed_slots FROM v_run_health')" 0

echo "# the log was $wal bytes at most"
ok "the log stays small" test "$wal" -lt $((16 << 20))

bytes=$(stat -c %s "$db")
ticks=$(sql 'SELECT ticks FROM v_run_health')
expected=$((forecast / forecast_ticks * ticks))
echo "# the database has $bytes bytes, the forecast for $ticks ticks is $expected"
ok "the database is not larger than forecast" test "$bytes" -le $((expected + (1 << 20)))
ok "and not below a quarter of it" test "$bytes" -ge $((expected / 4))

started=$EPOCHREALTIME
"$BRINK" show last --db "$db" -o "$here/show"
echo "# shown in $(awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }') s"
ok "it is shown" test -s "$here/show"
is "the store is whole" "$(sql 'PRAGMA integrity_check')" ok

finish
