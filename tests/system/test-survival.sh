#!/usr/bin/env bash
# A run of which anything was killed, stopped or taken away did not survive, and ends.
source "$srcdir/tests/system/lib.sh"

load=(--clients 400 --rate 400 --per-client 100 --forkers 2 --acceptors 2 --hold 3s
  --recovery-timeout 2s)
newest="run_id = (SELECT max(run_id) FROM run)"
outcome="SELECT outcome FROM run WHERE $newest"
says="SELECT text FROM finding WHERE $newest AND kind = 'verdict'"
notes="SELECT group_concat(text, '; ') FROM finding WHERE $newest AND kind = 'note'"

# begin N OPTION…: a run, once N connections are held.
begin() {
  local held=$1
  shift

  start "${load[@]}" "$@"
  wait_for "SELECT max(held) >= $held FROM v_progress WHERE $newest" 1
}

pids() { sql "SELECT pid FROM process WHERE $newest AND role = '$1' AND to_us IS NULL"; }

# ended NAME: waits for the run; its exit code is in $code.
ended() {
  wait "$supervisor"
  code=$?
  ok "$1: no process is left" none_left $(sql "SELECT pid FROM process WHERE $newest")
}

# has NAME TEXT PATTERN: a text matches.
has() {
  # shellcheck disable=SC2053  # the pattern is one
  if [[ $2 == $3 ]]; then ok "$1" true; else ok "$1" false; fi
  [[ $2 == $3 ]] || printf '# got: %s\n# wanted: %s\n' "$2" "$3"
}

happened() { wait_for "SELECT count(*) > 0 FROM event WHERE $newest AND kind = '$1'" 1; }

begin 400
kill -KILL $(pids client)
ended "all clients killed"
is "all clients killed: inconclusive" "$(sql "$outcome"), exit $code" "inconclusive, exit 3"
has "all clients killed: they are named and what they held is counted" "$(sql "$says")" \
  "client [0-3] was killed by signal 9 (SIGKILL) at * and 3 other processes of brink ended; \
400 of 400 connections were lost"

begin 400
kill -KILL "$(pid_of client 1)"
ended "client killed"
has "client killed: it is named" "$(sql "$outcome"): $(sql "$says")" \
  "inconclusive: client 1 was killed by signal 9 (SIGKILL) at *; 100 of 400 connections were lost"

begin 400
kill -KILL "$(pid_of forker 1)"
ended "forker killed"
has "forker killed: it is named" "$(sql "$outcome"): $(sql "$says")" \
  "inconclusive: * was killed by signal 9 (SIGKILL) at *; 200 of 400 connections were lost"

begin 400
kill -KILL "$(pid_of canary 0)"
ended "canary killed"
has "canary killed: nobody looked any more" "$(sql "$outcome"): $(sql "$says")" \
  "inconclusive: canary was killed by signal 9 (SIGKILL) at *"

begin 20 --handler fork --clients 100
kill -KILL "$(pids handler | head -1)"
ended "handler killed"
has "handler killed: the server lost a connection" "$(sql "$outcome"): $(sql "$says")" \
  "broke: handler * was killed by signal 9 (SIGKILL) at *; 1 of 100 connections were lost*"

begin 20 --rate 50 --limit nofile.acceptor=150 --acceptors 1
kill -KILL "$(pid_of client 0)"
ended "client killed, then a limit"
has "client killed, then a limit: the kill comes first" "$(sql "$outcome"): $(sql "$says")" \
  "inconclusive: client 0 was killed by signal 9 (SIGKILL) at *; then: open files of *"

for role in sampler recorder client forker canary; do
  begin 100 --stall 2s
  kill -STOP "$(pid_of $role 0)"
  ended "$role stopped"
  is "$role stopped: inconclusive" "$(sql "$outcome")" inconclusive
  has "$role stopped: it is said" "$(sql "$notes"); $(sql "$says")" \
    "*$role*is stopped (state T) since * s*"
done

begin 400 --hold 4s
kill -STOP "$(pid_of sampler 0)"
ended "sampler stopped in the hold"
is "sampler stopped in the hold: the data are not whole" \
  "$(sql "$outcome"), exit $code" "inconclusive, exit 4"
is "sampler stopped in the hold: the gap has its times" \
  "$(sql "SELECT gaps > 0, missed_ticks > 10 FROM v_run_health WHERE $newest")" "1|1"
has "sampler stopped in the hold: they are said" "$(sql "$notes")" \
  "*there is no sample from * s to * s*"

begin 100 --clients 800 --stall 20s
kill -STOP "$(pid_of acceptor 0)"
ok "acceptor stopped: it is noticed" happened worker-stopped
kill -CONT "$(pid_of acceptor 0)"
ended "acceptor stopped"
has "acceptor stopped: that it went on is said, and what waited" "$(sql "$notes")" \
  "*acceptor 0 went on after * s; meanwhile at most * connections waited for service*"

begin 100 --stall 1s
kill -STOP "$supervisor" $(sql "SELECT pid FROM process WHERE $newest AND to_us IS NULL")
still=$((SECONDS + 4))
until ((SECONDS >= still)); do read -rt 0.1 <> <(:); done
kill -CONT "$supervisor" $(sql "SELECT pid FROM process WHERE $newest AND to_us IS NULL")
ended "all of brink stopped"
has "all of brink stopped: it is said, with its times" "$(sql "$notes")" \
  "*brink stood still for * s, from * s to * s*"
is "all of brink stopped: the data are not whole" \
  "$(sql "$outcome"), exit $code" "inconclusive, exit 4"
has "all of brink stopped: nothing of it hung" "$(sql "$says")" \
  "* samples are missing, the most at once *"

# Attaches to a process as a debugger does and lets go at the end of its input.
hold_by_ptrace='
import ctypes, os, sys
attach, pid = 16, int(sys.argv[1])
if ctypes.CDLL(None).ptrace(attach, pid, 0, 0) != 0:
    sys.exit(1)
os.waitpid(pid, 0)
print("held", flush=True)
sys.stdin.read()
'

# No signal stopped it, and nobody is told; when it is killed its zombie is the debugger's.
begin 20 --rate 50 --stall 2s
coproc holder { /usr/bin/python3 -c "$hold_by_ptrace" "$(pid_of client 0)"; }
holder_pid=$holder_PID
if read -rt 10 <&"${holder[0]}"; then
  ended "client held"
  has "client held: it ends the run" "$(sql "$outcome"): $(sql "$says")" \
    "inconclusive: no connection was begun for 2.0 s*; the run was ended with * connections held"
else
  wait "$supervisor"
  skip "client held: ptrace(2) is not allowed here"
fi
kill "$holder_pid" 2>/dev/null
wait "$holder_pid" 2>/dev/null

# kill_often ROLE: SIGKILL to it, and to those that follow it, until none does.
kill_often() {
  local pid killed=0 until=$((SECONDS + 30)) n

  for ((n = 0; n < 21; n++)); do
    until pid=$(pgrep -P "$supervisor" -f "$1") && [[ $pid != "$killed" ]]; do
      ((SECONDS < until)) || return 1
      read -rt 0.02 <> <(:)
    done
    kill -KILL "$pid"
    killed=$pid
  done
}

for role in sampler recorder; do
  begin 50 --hold 60s
  ok "$role killed again and again: others follow it" kill_often "$role"
  ended "$role killed again and again"
  is "$role killed again and again: inconclusive" "$(sql "$outcome")" inconclusive
  has "$role killed again and again: it is said why the run ended" "$(sql "$says")" \
    "$role ended 21 times, at last killed by signal 9 (SIGKILL); the run was ended with *"
done

start "${load[@]}" --release close --recovery-timeout 60s
ok "an interrupted recovery: it begins" \
  wait_for "SELECT count(*) FROM phase WHERE $newest AND name = 'recovery'" 1
kill -INT "$supervisor"
wait "$supervisor"
has "an interrupted recovery keeps the outcome" "$(sql "$outcome"): $(sql "$says")" \
  "survived: 400 of 400 connections held for *, nothing gave way; the recovery was cut short"

finish
