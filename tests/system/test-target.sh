#!/usr/bin/env bash
# Servers that are not brink's own: found, sampled, broken with proof, and left alone unless
# brink started them.
source "$srcdir/tests/system/lib.sh"

# The interpreter itself: what a version manager puts before it is another process.
python=$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))')
echo_server=("$python" "$srcdir/tests/system/echo_server.py")
newest="run_id = (SELECT max(run_id) FROM run)"
load=(--protocol echo --clients 200 --rate 400 --forkers 2 --hold 2s)

# finding COLUMNS: of the newest run's verdict.
finding() {
  sql "SELECT $1 FROM v_run JOIN (SELECT max(run_id) AS run_id FROM run) USING (run_id)"
}

# counts: attempted, accepted and served by the end.
counts() {
  sql "SELECT attempted, accepted, served FROM v_funnel WHERE $newest"
}

# no_processes TEXT: nobody runs with that in the command line.
no_processes() {
  ! grep -lsqzF -- "$1" /proc/[0-9]*/cmdline
}

run --target :18101 "${load[@]}" -- "${echo_server[@]}" 18101
is "a healthy server survives" "$(finding 'outcome')" survived
is "what it accepted is counted from outside" "$(counts)" "200|200|200"
is "its process is sampled" \
  "$(sql "SELECT count(*) FROM subject WHERE $newest AND kind = 'process' AND role = 'target'")" 1
is "its descriptors are those that it has" \
  "$(sql "SELECT max(fds) - min(fds) >= 200 FROM process_sample AS p JOIN subject AS s
    USING (run_id, subject) WHERE p.$newest AND s.kind = 'process' AND s.role = 'target'")" 1
ok "its output is kept" test -e "$db.run-1-target.log"
ok "it is ended with the run" no_processes "18101"

run --target :18101 "${load[@]}" --limit nofile.target=64 -- "${echo_server[@]}" 18101
is "the limit of its open files is named, and proven" \
  "$(finding 'limit_id, confidence')" "target-nofile|proven"
own=$(sql "SELECT min(fds) FROM process_sample AS p JOIN subject AS s USING (run_id, subject)
  WHERE p.$newest AND s.kind = 'process' AND s.role = 'target'")
is "at its limit less what it has open of its own" "$(finding broke_held)" $((64 - own))
is "at 64 of 64" \
  "$(sql "SELECT usage, limit_value FROM breaking_point WHERE $newest")" "64|64"

run --target '[::1]:18102' "${load[@]}" -- "${echo_server[@]}" '[::1]:18102'
is "IPv6 is served" "$(finding 'outcome')|$(counts)" "survived|200|200|200"
run --target "unix:$here/socket" "${load[@]}" -- "${echo_server[@]}" "$here/socket" 512
is "a unix socket is served" "$(finding 'outcome')|$(counts)" "survived|200|200|200"

run --target :18103 "${load[@]}" -- sh -c "${echo_server[*]} 18103 & sleep 4; kill -9 \$!"
is "a server that dies is a crash, with what it held" \
  "$(finding 'outcome, limit_id, broke_held')" "crashed|target-died|200"
run --target :18103 "${load[@]}" -- \
  sh -c "${echo_server[*]} 18103 & p=\$!; sleep 2.5; kill -STOP \$p; wait \$p"
is "one that a signal stops is named" \
  "$(finding 'limit_id, confidence')" "queue-without-accept|proven"
ok "and it is ended all the same" no_processes "18103"

run --target :18107 "${load[@]}" -- sh -c "${echo_server[*]} 18107 & sleep 2"
is "a server goes on without the command that started it" \
  "$(finding outcome)|$(counts)" "survived|200|200|200"
ok "and is ended with the run" no_processes "18107"

run --target :18104 --protocol redis --clients 50 --ready 2s -- "${echo_server[@]}" 18104
is "another protocol than asked for fails" "$(finding outcome)" failed
ok "and what was answered is quoted" grep -q 'it answered "\*1"' "$here/out"

run --target :18104 --ready 2s -- false
is "a command that fails is a failed run" "$(finding outcome)" failed
ok "and the status is said" grep -q 'false exited with status 1 before it served' "$here/out"

# What others started, in a namespace that is made here.
outside() {
  unshare -n bash -c '
    ip link set lo up
    "$@" 18105 &
    server=$!
    sleep 60 &
    behind=$!
    until ss -Hltn "sport = :18105" | grep -q .; do read -rt 0.05 <> <(:); done
    "$BRINK" doctor --target :18105 --protocol echo >"$here/doctor" 2>&1
    "$BRINK" run --db "$BRINK_DB" --quiet --baseline 1s --plateau 1s --hold 1s --linger 1s \
      --steps 2 --recovery-timeout 5s --target :18105 --protocol echo --clients 200 \
      --rate 400 --target-pid "$behind" >"$here/out" 2>&1
    kill -0 "$server" && echo lives
    kill "$server" "$behind"' - "${echo_server[@]}"
}
export BRINK here
if unshare -n true 2>/dev/null; then
  is "a server that others started is left alone" "$(outside)" lives
  is "and is seen as well" "$(finding 'outcome')|$(counts)" "survived|200|200|200"
  is "doctor shows its listener and process before a run" \
    "$(grep -cE '1 listener, backlog 128|\(pid [0-9]+\) ' "$here/doctor")" 2
  is "with a process behind it that was named" "$(sql "SELECT count(*) FROM subject
    WHERE $newest AND kind = 'process' AND role = 'target' AND name GLOB 'sleep (pid *)'")" 1
else
  skip "no network namespace may be made here"
fi

start --target :18106 "${load[@]}" --hold 60s -- sh -c "${echo_server[*]} 18106; true"
wait_for "SELECT established >= 100 FROM v_progress WHERE $newest ORDER BY t_s DESC LIMIT 1" 1
kill -KILL "$supervisor"
wait "$supervisor" 2>/dev/null
# ended_in_time TEXT: no_processes within 20 s.
ended_in_time() {
  local until=$((SECONDS + 20))

  until no_processes "$1"; do
    ((SECONDS < until)) || return 1
    read -rt 0.1 <> <(:)
  done
  return 0
}
ok "where brink is killed the target it started ends as well" ended_in_time "18106"

# refused SENTENCE ARG…: is not begun, and one sentence says why.
refused() {
  local sentence=$1
  shift
  run "$@"
  is "refused: ${*:1:6}" "$code $(grep -c "$sentence" "$here/err")" "2 1"
}

refused 'no connection can be made: Connection refused' --target :18199 --no-guard --isolate=no
refused 'needs a target that brink starts' --target :18199 --isolate=no --limit pids=64
refused 'contradict each other' --target :18199 --acceptors 2 -- true
refused 'kill-acceptors is for brink' --target :18199 --release kill-acceptors -- true
refused 'not an address of this host' --target 192.0.2.1:80 -- true
refused 'is not a port' --target :http -- true
refused 'no such command' --target :18199 -- ./nothing-here
refused 'a command is how a --target is started' -- true
refused 'neither a file nor one of' --target :18199 --protocol xyzzy -- true
refused 'needs a --target' --protocol redis
refused 'there is no such process' --target :18199 --target-pid 4194303 -- true
refused 'needs a --target' --target-pid 1

finish
