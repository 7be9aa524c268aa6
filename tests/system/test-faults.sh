#!/usr/bin/env bash
# Whatever is killed in mid-run: nothing is lost, nothing is left, and the store is whole.
source "$srcdir/tests/system/lib.sh"

load=(--clients 1000 --rate 500 --hold 1s)
established="SELECT established >= 200 FROM v_progress
  WHERE run_id = (SELECT max(run_id) FROM run) ORDER BY t_s DESC LIMIT 1"
newest="run_id = (SELECT max(run_id) FROM run)"

# kill_one ROLE SLOT: SIGKILL to it once 200 connections are held.
kill_one() {
  start "${load[@]}"
  ok "$1: the run gets under way" wait_for "$established" 1
  kill -KILL "$(pid_of "$1" "$2")"
  wait "$supervisor"
  code=$?
  is "$1 killed: the store is whole" "$(sql 'PRAGMA integrity_check')" ok
  ok "$1 killed: no process is left" none_left "$supervisor" \
    $(sql "SELECT pid FROM process WHERE $newest")
}

kill_one acceptor 0
is "acceptor killed: it is the break" "$(sql "$verdict")" "crashed|acceptor-died|acceptor 0"
is "acceptor killed: its end is known" \
  "$(sql "SELECT end, code FROM process WHERE $newest AND role = 'acceptor' AND slot = 0")" \
  "signal|9"

kill_one client 0
is "client killed: its slots of the schedule are missed, and the run goes on" \
  "$(sql "SELECT outcome, attempted + missed FROM v_run JOIN v_funnel USING (run_id)
      WHERE $newest")" "inconclusive|1000"
is "client killed: what it held is counted as lost" \
  "$(sql "SELECT sum(lost) > 0, sum(held) = 0,
      sum(established) = sum(lost) + sum(released)
      FROM worker_total WHERE $newest AND worker LIKE 'forker%'")" "1|1|1"

kill_one sampler 0
is "sampler killed: another goes on" "$(sql "$verdict")" "survived||"
is "sampler killed: no tick is stored twice, few are missing" \
  "$(sql "SELECT count(*) > 0, missed_ticks <= 10 FROM v_run_health WHERE $newest")" "1|1"

kill_one recorder 0
is "recorder killed: another goes on" "$(sql "$verdict")" "survived||"
is "recorder killed: no queued tick is lost" \
  "$(sql "SELECT missed_ticks FROM v_run_health WHERE $newest")" 0
is "recorder killed: the funnel is exact" \
  "$(sql "SELECT attempted, established, accepted, served FROM v_funnel WHERE $newest")" \
  "1000|1000|1000|1000"

start "${load[@]}"
ok "supervisor: the run gets under way" wait_for "$established" 1
kill -KILL "$supervisor"
wait "$supervisor" 2>/dev/null
ok "supervisor killed: no process is left" none_left \
  $(sql "SELECT pid FROM process WHERE $newest")
is "supervisor killed: the store is whole" "$(sql 'PRAGMA integrity_check')" ok
ok "supervisor killed: the run can be shown" \
  "$BRINK" show last --db "$db" -o "$here/show"
is "supervisor killed: it is marked interrupted" \
  "$(sql "SELECT state, outcome FROM run WHERE $newest")" "interrupted|interrupted"

start "${load[@]}"
ok "stopping: the run gets under way" wait_for "$established" 1
kill -INT "$supervisor"
wait "$supervisor"
is "one SIGINT ends the run by its number" "$?" 130
is "one SIGINT still measures the recovery" \
  "$(sql "SELECT count(*) FROM phase WHERE $newest AND name = 'recovery'")" 1

start "${load[@]}" --release close
ok "stopping twice: the run gets under way" wait_for "$established" 1
kill -INT "$supervisor"
ok "stopping twice: the release is stored" \
  wait_for "SELECT count(*) FROM phase WHERE $newest AND name = 'recovery'" 1
kill -INT "$supervisor"
wait "$supervisor"
is "a second SIGINT ends everything at once" "$?" 130
ok "a second SIGINT leaves no process" none_left $(sql "SELECT pid FROM process WHERE $newest")
is "a second SIGINT leaves a whole store" "$(sql 'PRAGMA integrity_check')" ok

is "no reserve of disk is left" "$(find "$here" -name '*-ballast.*' | wc -l)" 0

finish
