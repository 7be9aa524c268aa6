#!/usr/bin/env bash
# Load, let go and recover, again and again: every cycle is a run of its own.
source "$srcdir/tests/system/lib.sh"

newest="run_id = (SELECT max(run_id) FROM run)"

run --cycles 3 --clients 500 --rate 1000 --acceptors 1 --limit nofile.acceptor=256
is "every cycle breaks at the same limit, at the same count, with the same proof" \
  "$(sql "SELECT group_concat(limit_id || ' ' || confidence || ' ' || held, ', ')
      FROM breaking_point WHERE $newest")" \
  "acceptor-nofile proven 250, acceptor-nofile proven 250, acceptor-nofile proven 250"
is "the first failure of every cycle is noted" \
  "$(sql "SELECT group_concat(cycle || ' ' || first_own || ' ' || (count > 1), ', ')
      FROM (SELECT * FROM v_failure WHERE $newest AND call = 'accept4' ORDER BY cycle)")" \
  "0 250 1, 1 250 1, 2 250 1"
is "every cycle gives all descriptors back" \
  "$(sql "SELECT group_concat(residual) FROM recovery WHERE $newest
      AND subject = 'acceptors' AND resource = 'fds'")" "0.0,0.0,0.0"
is "the breaking point does not move from cycle to cycle" \
  "$(sql "SELECT cycles, per_cycle, class FROM v_cycle_trend WHERE $newest
      AND resource = 'broke_held'")" "3|0.0|none"
is "every cycle has counts of its own" \
  "$(sql "SELECT group_concat(attempted || ' ' || established || ' ' || released, ', ')
      FROM v_funnel WHERE $newest")" "500 500 500, 500 500 500, 500 500 500"
is "which are together those of the run" \
  "$(sql "SELECT (SELECT sum(accepted) FROM v_funnel WHERE $newest)
        = (SELECT sum(accepted) FROM worker_total WHERE $newest AND worker LIKE 'acceptor%')")" 1
is "every connection of every cycle is released" \
  "$(sql "SELECT sum(established) = sum(released) AND sum(lost) = 0 FROM worker_total
      WHERE $newest AND worker LIKE 'forker%'")" 1

run --cycles 3 --clients 500 --rate 1000 --retain 16Ki/conn
is "what stays after each cycle is a leak" \
  "$(sql "SELECT class, abs(per_cycle / 500 - 16384) < 164 FROM cycle_trend WHERE $newest
      AND subject = 'acceptors' AND resource = 'rss_bytes'")" "leak|1"
is "and descriptors are none" \
  "$(sql "SELECT class FROM cycle_trend WHERE $newest AND subject = 'acceptors'
      AND resource = 'fds'")" none

for handler in event fork; do
  run --cycles 2 --clients 300 --rate 600 --release kill-acceptors --acceptors 2 \
    --handler "$handler"
  is "killed acceptors ($handler) are no break" "$(sql "$verdict")" "survived||"
  is "others are started in their place ($handler), at each release" \
    "$(sql "SELECT count(*), count(DISTINCT slot) FROM process WHERE $newest
        AND role = 'acceptor'")" "6|2"
  is "all connections go with them ($handler), and none is lost" \
    "$(sql "SELECT sum(released), sum(lost), sum(held) FROM worker_total
        WHERE $newest AND worker LIKE 'forker%'")" "600|0|0"
  is "newcomers have service again within 2 s ($handler)" \
    "$(sql "SELECT count(*) FROM v_cycle WHERE $newest AND service_s < 2")" 2
done

"$BRINK" analyse last --db "$db" >"$here/out"
is "it is analysed anew" "$?" 0
"$BRINK" show last --db "$db" --format markdown >"$here/show.md"
ok "and shown as Markdown, with its cycles" grep -q '^## Cycles' "$here/show.md"

finish
