#!/usr/bin/env bash
# A night's run goes on when the terminal that it was started from is gone.
source "$srcdir/tests/system/lib.sh"

newest="run_id = (SELECT max(run_id) FROM run)"
held='SELECT held >= 100 FROM v_progress ORDER BY run_id DESC, t_s DESC LIMIT 1'

start --clients 200 --rate 400 --hold 2s
ok "SIGHUP: the run gets under way" wait_for "$held" 1
kill -HUP "$supervisor" $(sql "SELECT pid FROM process WHERE $newest AND to_us IS NULL
  AND role <> 'supervisor'")
wait "$supervisor"
is "SIGHUP to every process ends none" "$?" 0
is "SIGHUP: the run is whole" "$(sql "$verdict")" "survived||"
is "SIGHUP: nobody was restarted" \
  "$(sql "SELECT count(*) FROM event WHERE $newest AND kind = 'worker-restarted'")" 0

# script(1) is the terminal: with it goes the line.
run_line="'$BRINK' run --db '$db' $(printf "'%s' " "${short[@]/--quiet/}") --clients 200 --rate 400"
run_line=${run_line//"'' "/}
script -qec "$run_line --hold 2s" /dev/null </dev/null >"$here/terminal" 2>&1 &
terminal=$!
ok "terminal: the run gets under way" wait_for "SELECT count(*) FROM run" 2
ok "terminal: it holds" wait_for "$held" 1
kill -KILL "$terminal"
wait "$terminal" 2>/dev/null
ok "terminal closed: the run goes on to its end" \
  wait_for "SELECT state FROM run WHERE $newest" done
is "terminal closed: it is whole" "$(sql "$verdict")" "survived||"
is "terminal closed: the hold was not cut short" \
  "$(sql "SELECT to_us - from_us >= 1900000 FROM phase WHERE $newest AND name = 'hold'")" 1
ok "terminal closed: no process is left" none_left $(sql "SELECT pid FROM process WHERE $newest")

finish
