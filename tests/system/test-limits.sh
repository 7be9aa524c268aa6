#!/usr/bin/env bash
# The limit that is injected is the limit that is named, at exactly its count.
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

run --limit nofile.acceptor=256 --acceptors 1 --clients 1000 --rate 1000
is "a full acceptor is named" "$(sql "$verdict")" "broke|acceptor-nofile|acceptor 0"
is "a break that was found exits 0" "$code" 0
is "accepted is the limit less the acceptor's own descriptors" \
  "$(sql "SELECT b.accepted = 256 - f.own_fds FROM breaking_point b JOIN failure f USING (run_id)
      WHERE f.worker = 'acceptor 0' AND f.error = 'EMFILE' ORDER BY run_id DESC LIMIT 1")" 1
is "established is reported apart" \
  "$(sql "SELECT established - accepted > 100 FROM v_progress
      WHERE run_id = (SELECT max(run_id) FROM run) AND phase = 'exhausted' LIMIT 1")" 1
is "and is proven" \
  "$(sql 'SELECT confidence, side FROM v_breaking_point ORDER BY run_id DESC LIMIT 1')" \
  "proven|server"

run --limit ports=1000 --clients 2000 --rate 2000
is "ephemeral ports are named" \
  "$(sql 'SELECT limit_id, held, side FROM v_breaking_point ORDER BY run_id DESC LIMIT 1')" \
  "ephemeral-ports|1000|client"
is "a client side that runs out first exits 3" "$code" 3

run --limit nofile.client=256 --per-client 1000 --forkers 1 --clients 1000 --rate 1000
is "a full client is named" \
  "$(sql 'SELECT limit_id, side FROM v_breaking_point ORDER BY run_id DESC LIMIT 1')" \
  "client-nofile|client"
is "it held its limit less its own descriptors" \
  "$(sql "SELECT b.held = 256 - f.own_fds FROM breaking_point b JOIN failure f USING (run_id)
      WHERE f.error = 'EMFILE' AND f.call = 'socket' ORDER BY run_id DESC LIMIT 1")" 1

run --clients 400 --rate 400 --handler fork --acceptors 2
is "a process a connection survives too" "$(sql "$verdict")" "survived||"
is "a handler is listed for each connection" \
  "$(sql "SELECT count(*) FROM process WHERE role = 'handler' AND end = 'exit'
      AND run_id = (SELECT max(run_id) FROM run)")" 400

run --clients 300 --rate 300 --per-client 1 --listener group --acceptors 2
is "a client a connection, and a group of listeners" "$(sql "$verdict")" "survived||"
is "a client is listed for each connection" \
  "$(sql "SELECT count(*) FROM process WHERE role = 'client' AND end = 'exit'
      AND run_id = (SELECT max(run_id) FROM run)")" 300

finish
