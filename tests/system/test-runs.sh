#!/usr/bin/env bash
# What a run leaves in the store: every connection, descriptor and process accounted for.
source "$srcdir/tests/system/lib.sh"

run --clients 2000 --rate 2000
is "a healthy run survives" "$(sql "$verdict")" "survived||"
is "a healthy run exits 0" "$code" 0
is "every connection is attempted, established, accepted and served" \
  "$(sql 'SELECT attempted, established, accepted, served, failed, missed FROM v_funnel')" \
  "2000|2000|2000|2000|0|0"
is "every descriptor is back" \
  "$(sql "SELECT count(*) FROM recovery WHERE resource = 'fds' AND residual <> 0")" 0
is "the store is whole" "$(sql 'PRAGMA integrity_check')" ok
ok "its report is beside it" test -s "$here/brink-run-1.html"

run --clients 10 --report none
is "a run without a report" "$code|$(find "$here" . -maxdepth 1 -name none -o -name 'brink-run-2*')" "0|"

run --limit nofile.acceptor=256 --acceptors 1 --clients 1000 --rate 1000
is "a break that was found exits 0" "$code" 0
is "established is reported apart from accepted" \
  "$(sql "SELECT established - accepted > 100 FROM v_progress
      WHERE run_id = (SELECT max(run_id) FROM run) AND phase = 'exhausted' LIMIT 1")" 1
is "the limit is proven, with its side" \
  "$(sql 'SELECT confidence, side FROM v_breaking_point ORDER BY run_id DESC LIMIT 1')" \
  "proven|server"

# At 120 open files, six of them its own, each of them leaves the queue to the others: 456.
run --limit nofile.acceptor=128 --acceptors 4 --clients 450 --rate max
is "acceptors that are nearly full leave the queue to those with room" \
  "$(sql "SELECT outcome, accepted, (SELECT count(*) FROM failure
      WHERE run_id = v_run.run_id) FROM v_run JOIN v_funnel USING (run_id)
      ORDER BY run_id DESC LIMIT 1")" "survived|450|0"

# Clients are forked when the one before has all it can hold.
run --clients 3000 --rate max --per-client 250 --forkers 3 --messages 0
is "at --rate max clients are forked as they are needed" \
  "$(sql "SELECT outcome, attempted, accepted, missed, (SELECT count(*) FROM process
      WHERE run_id = v_run.run_id AND role = 'client' AND end = 'exit')
      FROM v_run JOIN v_funnel USING (run_id) ORDER BY run_id DESC LIMIT 1")" \
  "survived|3000|3000|0|12"

is "at --rate max no connection is late" \
  "$(sql "SELECT count(*), count(DISTINCT max_us) FROM (SELECT kind, max(max_us) AS max_us
      FROM latency WHERE run_id = (SELECT max(run_id) FROM run)
        AND kind IN ('connect', 'connect_raw') GROUP BY kind)")" "2|1"

# One message each, and then a further one in turn, for as long as they are held.
run --clients 100 --rate 1000 --messages 1 --every 100ms
is "held connections say something again and again, and none is lost" \
  "$(sql "SELECT outcome, served, lost, (SELECT sum(messages) >= 500 FROM worker_total
      WHERE run_id = v_run.run_id AND role = 'forker')
      FROM v_run JOIN v_funnel USING (run_id) ORDER BY run_id DESC LIMIT 1")" \
  "survived|100|0|1"

# An acceptor that stands still, and clients that each may have ten under way.
start --acceptors 1 --backlog 8 --clients 400 --rate 400 --steps 1 --baseline 3s \
  --connect-timeout 3s --forkers 2 --per-client 10 --inflight 40
ok "connects under way: there is an acceptor" wait_for "SELECT count(*) FROM process
  WHERE run_id = (SELECT max(run_id) FROM run) AND role = 'acceptor'" 1
acceptor=$(pid_of acceptor 0)
kill -STOP "$acceptor"
ok "connects under way: more are due than may be" wait_for "SELECT missed > 300
  FROM v_funnel ORDER BY run_id DESC LIMIT 1" 1
kill -CONT "$acceptor"
wait "$supervisor"
is "connects under way: --inflight holds over all clients" \
  "$(sql "SELECT attempted - established <= 40, attempted > 40, missed = 400 - attempted
      FROM v_funnel ORDER BY run_id DESC LIMIT 1")" "1|1|1"

run --limit ports=1000 --clients 2000 --rate 2000
is "a client side that runs out first exits 3" "$code" 3

run --clients 200 --rate 200 --handler fork --acceptors 2
is "a process a connection survives too" "$(sql "$verdict")" "survived||"
is "a handler is listed for each connection" \
  "$(sql "SELECT count(*) FROM process WHERE role = 'handler' AND end = 'exit'
      AND run_id = (SELECT max(run_id) FROM run)")" 200

run --clients 200 --rate 200 --per-client 1 --listener group --acceptors 2
is "a client a connection, and a group of listeners" "$(sql "$verdict")" "survived||"
is "a client is listed for each connection" \
  "$(sql "SELECT count(*) FROM process WHERE role = 'client' AND end = 'exit'
      AND run_id = (SELECT max(run_id) FROM run)")" 200

finish
