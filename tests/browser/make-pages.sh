#!/usr/bin/env bash
#
# make-pages.sh DIRECTORY: real runs of $BRINK, each ended another way, and their reports:
# broke, survived, interrupted (its supervisor was killed), empty (nothing was stored),
# cycles (with expectations), compared, and all/index. The databases stay beside them, for
# the verdicts to be compared.
set -euo pipefail
cd "$1"

options=(--baseline 1s --plateau 1s --hold 1s --steps 2 --rate 400 --clients 400 --quiet
  --linger 1s --release reset --recovery-timeout 2s)
label=$'</script><img src=x onerror=alert(1)>"\xff\x01\'&'

# run NAME OPTION…: the report lies beside the database as NAME-run-1.html.
run() {
  local name=$1
  shift
  "$BRINK" run --db "$name.db" "${options[@]}" "$@" >"$name.out" 2>"$name.err" ||
    { cat "$name.err" >&2; return 1; }
}

# The namespace of a run of its own leaves its port to the others.
interrupt() {
  local pid

  "$BRINK" run --db interrupted.db "${options[@]}" --isolate >/dev/null 2>&1 &
  pid=$!
  # When the first connections are in the database.
  until [[ -e interrupted.db ]] &&
    (($(sqlite3 interrupted.db 'SELECT count(*) FROM worker_sample WHERE held > 9' \
      2>/dev/null || echo 0) > 0)); do
    kill -0 "$pid"
    read -r -t 0.05 <> <(:) || true
  done
  kill -KILL "$pid"
  wait "$pid" || true
  # The recorder has to have let go of the file.
  flock interrupted.db true
  "$BRINK" report last --db interrupted.db -o interrupted.html
}

run broke --isolate --limit nofile.acceptor=120 --acceptors 2 --listener group \
  --label "$label" &
broke=$!
run survived --isolate &
survived=$!
interrupt
wait "$broke"
wait "$survived"
run cycles --isolate --cycles 2 --expect 'held>=300' --expect 'served>=1'
cp broke-run-1.html broke.html
cp survived-run-1.html survived.html
cp cycles-run-1.html cycles.html

cp survived.db empty.db
sqlite3 empty.db "PRAGMA foreign_keys = ON;
  INSERT INTO run (started_unix_us, state, plan, command, version, host_id, boot_id,
      supervisor_pid)
    SELECT started_unix_us, 'running', plan, command, version, host_id, 'another boot', 1
    FROM run;
  DELETE FROM run WHERE run_id = 1;"
"$BRINK" report last --db empty.db -o empty.html

cp broke.db two.db
"$BRINK" run --db two.db "${options[@]}" --isolate >/dev/null 2>&1
"$BRINK" report 1 2 --db two.db -o compared.html
"$BRINK" report --all --db two.db -o all
"$BRINK" report 1 --db broke.db -o again.html
