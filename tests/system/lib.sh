# What the system tests share: a directory of their own, TAP, and short runs.
#
# BRINK names the program. Runs are in namespaces of their own, and end by themselves.

set -uo pipefail

here=$(mktemp -d)
db=$here/brink.db
export BRINK_DB=$db # where no --db says otherwise: never the store of whoever tests
trap 'rm -rf "$here"' EXIT
cases=0
failures=0

# ok NAME COMMAND…: one test case.
ok() {
  local name=$1
  shift

  cases=$((cases + 1))
  if "$@"; then
    echo "ok $cases - $name"
  else
    failures=$((failures + 1))
    echo "not ok $cases - $name"
  fi
}

# is NAME GOT WANTED: a test case that two texts are equal.
is() {
  ok "$1" test "$2" = "$3"
  [[ $2 == "$3" ]] || printf '# got: %s\n# wanted: %s\n' "$2" "$3"
}

# skip WHY: what cannot be tested here, and says so.
skip() {
  cases=$((cases + 1))
  echo "ok $cases # SKIP $1"
}

finish() {
  echo "1..$cases"
  ((failures == 0))
}

# sql QUERY: one value or row from the store.
sql() {
  sqlite3 -readonly -cmd '.timeout 5000' "$db" "$1"
}

# sql_write STATEMENTS: what no program should do to a store.
sql_write() {
  sqlite3 -cmd '.timeout 5000' "$db" "$1" >/dev/null
}

# What root puts before a command to have it run by a plain user.
run_as_user=(setpriv --reuid 4711 --regid 4711 --clear-groups --inh-caps=-all
  --bounding-set=-all --no-new-privs)

short=(--isolate --quiet --baseline 1s --plateau 1s --hold 1s --linger 1s --steps 2
  --release reset --recovery-timeout 5s)

# run ARG…: a short run; its exit code is in $code, what it printed in $here/out.
run() {
  "$BRINK" run --db "$db" "${short[@]}" "$@" >"$here/out" 2>"$here/err"
  code=$?
  sed 's/^/# /' "$here/err"
}

# start ARG…: the same in the background, once it is in the store; its pid is in $supervisor.
start() {
  local before

  before=$(sql 'SELECT count(*) FROM run' 2>/dev/null)
  "$BRINK" run --db "$db" "${short[@]}" "$@" >"$here/out" 2>"$here/err" &
  supervisor=$!
  wait_for 'SELECT count(*) FROM run' $((${before:-0} + 1))
}

# wait_for QUERY WANTED: until the store answers so, at most 30 s.
wait_for() {
  local until=$((SECONDS + 30))

  until [[ $(sql "$1" 2>/dev/null) == "$2" ]]; do
    ((SECONDS < until)) || return 1
    read -rt 0.1 <> <(:)
  done
  return 0
}

# pid_of ROLE SLOT: of the newest run.
pid_of() {
  sql "SELECT pid FROM process WHERE run_id = (SELECT max(run_id) FROM run)
    AND role = '$1' AND slot = $2 ORDER BY process_id DESC LIMIT 1"
}

# none_left PID…: true once none of these processes is there, within a second and a half.
none_left() {
  local until=$((SECONDS + 2)) pid

  for pid in "$@"; do
    while [[ -e /proc/$pid ]] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null; do
      ((SECONDS < until)) || { echo "# $pid is still there"; return 1; }
      read -rt 0.05 <> <(:)
    done
  done
  return 0
}

verdict='SELECT outcome, limit_id, subject FROM v_run ORDER BY run_id DESC LIMIT 1'
