#!/usr/bin/env bash
# The limit that was injected is the limit that is named: its id, its subject, its count.
#
# A table of cases, as TAP: each line says what was expected, what was named, what was
# counted and by how much that is wrong; the last is a score. TRUTH=short runs those that
# are marked with a *; else all are run.
source "$srcdir/tests/system/lib.sh"

short=(--isolate --db "$db" --quiet --baseline 1s --plateau 500ms --hold 500ms --linger 1s
  --steps 2 --stall 2s --release reset --recovery-timeout 1s)
last="run_id = (SELECT max(run_id) FROM run)"

# What is done to a run once half of its load is there: see the cases.
nothing() { wait "$supervisor"; }
stop_acceptors() { disturb STOP; }
stop_acceptor_0() { disturb STOP 0; }
kill_acceptor_1() { disturb KILL 1; }

# Of a group, while only the canary comes, by chance to one or the other.
stop_one_in_hold() {
  wait_for "SELECT count(*) > 0 FROM phase WHERE $last AND name = 'hold'" 1
  kill -STOP "$(pid_of acceptor 1)"
  wait "$supervisor"
}

# Both clients are there, and only one is left.
kill_a_client() {
  wait_for "SELECT max(held) >= 100 FROM v_progress WHERE $last" 1
  kill -KILL "$(pid_of client 0)"
  wait "$supervisor"
}

# Lowers the open files of acceptor 1 to 200 while connections come in.
lower_acceptor_1() {
  wait_for "SELECT max(held) >= 100 FROM v_progress WHERE $last" 1
  prlimit --nofile=200 --pid "$(sql "SELECT pid FROM process WHERE $last
      AND role = 'acceptor' AND slot = 1")"
  wait "$supervisor"
}

# disturb SIGNAL [SLOT]: sends it to one acceptor, or to all, once connections are held.
disturb() {
  local pid

  wait_for "SELECT max(held) >= 100 FROM v_progress WHERE $last" 1
  while read -r pid; do
    kill "-$1" "$pid"
  done < <(sql "SELECT pid FROM process WHERE $last AND role = 'acceptor'
      AND slot = coalesce(${2:-NULL}, slot)")
  wait "$supervisor"
}

# truth MARK OUTCOME LIMIT COUNT ACTION OPTION…: one case. LIMIT is "ID of SUBJECT", a
# pattern, or "none". COUNT is "EXPRESSION FROM [TO]", where the expression is of v_funnel
# (f) and v_breaking_point (b), or "-".
truth() {
  local mark=$1 outcome=$2 limit=$3 count=$4 action=$5 named got=- error=- wrong=0
  shift 5

  [[ ${TRUTH-} != short || $mark == '*' ]] || return 0
  start "$@"
  "$action"
  named=$(sql "SELECT outcome || ', ' || coalesce(limit_id, 'none')
      || coalesce(' of ' || subject, '') FROM v_run WHERE $last")
  if [[ $count != - ]]; then
    read -r expression from to <<<"$count"
    got=$(sql "SELECT $expression FROM v_breaking_point AS b
        JOIN v_funnel AS f USING (run_id) WHERE $last")
    error=$(sql "SELECT max($from - x, x - ${to:-$from}, 0)
        FROM (SELECT coalesce(${got:-NULL}, -1) AS x)")
  fi
  # Whatever broke, each step of a connection was taken by no more than took the one before.
  [[ $(sql "SELECT min(attempted >= established AND established >= accepted
      AND accepted >= served) FROM v_funnel WHERE $last") == 1 ]] || wrong=1
  # shellcheck disable=SC2053  # the limit is a pattern
  [[ $named == $outcome,\ $limit && $error =~ ^[-0]$ ]] || wrong=1
  ok "$(printf '%-47s %-47s %-28s got %-6s error %-4s %s' "$outcome, $limit" "$named" \
    "$count" "$got" "$error" "$*")" test "$wrong" = 0
}

# Healthy runs name nothing.
truth '*' survived none - nothing --clients 2000 --rate 2000
truth '-' survived none - nothing --clients 2000 --rate 2000 --listener group
truth '-' survived none - nothing --clients 300 --rate 300 --handler fork
truth '-' survived none - nothing --clients 300 --rate 300 --per-client 1
truth '-' survived none - nothing --clients 1000 --rate 1000 --messages 0
truth '-' survived none - nothing --clients 1000 --rate max
truth '-' survived none - nothing --clients 20000 --rate max --messages 0 --acceptors 4
truth '*' survived none - nothing --clients 1000 --rate 1000 --limit ports=1000
truth '-' survived none - nothing --clients 240 --rate 500 --acceptors 1 \
  --limit nofile.acceptor=256

# Open files of an acceptor: six are its own.
truth '*' broke "acceptor-nofile of acceptor 0" "b.accepted 506" nothing \
  --clients 2000 --rate 1000 --acceptors 1 --limit nofile.acceptor=512
truth '-' broke "acceptor-nofile of acceptor 0" "b.accepted 250" nothing \
  --clients 1000 --rate 500 --acceptors 1 --backlog 16 --limit nofile.acceptor=256
truth '-' broke "acceptor-nofile of acceptors" "b.accepted 232" nothing \
  --clients 1000 --rate 500 --acceptors 4 --limit nofile.acceptor=64
truth '-' broke "acceptor-nofile of acceptor [0-3]" "b.accepted 58 232" nothing \
  --clients 1000 --rate 500 --acceptors 4 --listener group --limit nofile.acceptor=64
truth '-' broke "acceptor-nofile of acceptor [01]" "b.accepted 250 500" nothing \
  --clients 2000 --rate 500 --acceptors 2 --listener group --backlog 16 \
  --limit nofile.acceptor=256

truth '*' broke "acceptor-nofile of acceptor 2" "b.usage 64" nothing \
  --clients 1000 --rate 500 --acceptors 4 --listener group --backlog 16 \
  --limit nofile.acceptor.2=64
truth '-' broke "acceptor-nofile of acceptor 2" "b.usage 64" nothing \
  --clients 1000 --rate 500 --acceptors 4 --listener group --limit nofile.acceptor.2=64
truth '-' survived none - nothing \
  --clients 500 --rate 500 --acceptors 4 --limit nofile.acceptor.2=64

# Each of them has its own limit of one shared listener, and only then are all of them full.
truth '*' broke "acceptor-nofile of acceptors" "b.accepted 2188" nothing \
  --clients 4000 --rate 2000 --acceptors 2 --limit nofile.acceptor=2000 \
  --limit nofile.acceptor.1=200
truth '-' broke "acceptor-nofile of acceptors" "b.accepted 686" nothing \
  --clients 2000 --rate 1000 --acceptors 3 --limit nofile.acceptor=64 \
  --limit nofile.acceptor.1=512 --limit nofile.acceptor.2=128
truth '-' broke "acceptor-nofile of acceptors" "b.accepted 1188" lower_acceptor_1 \
  --clients 3000 --rate 1000 --acceptors 2 --limit nofile.acceptor=1000

# The client's own limits.
truth '*' inconclusive "client-nofile of client 0" "b.held 251" nothing \
  --clients 1000 --rate 1000 --per-client 1000 --forkers 1 --limit nofile.client=256
truth '-' inconclusive "client-nofile of client [01]" "b.held 501 502" nothing \
  --clients 2000 --rate 1000 --per-client 1000 --forkers 2 --limit nofile.client=256
truth '*' inconclusive "ephemeral-ports of clients" "b.held 1000" nothing \
  --clients 2000 --rate 2000 --limit ports=1000
truth '-' inconclusive "ephemeral-ports of clients" "b.held 100" nothing \
  --clients 500 --rate 500 --limit ports=100
truth '-' inconclusive "ephemeral-ports of clients" "b.held 399 400" nothing \
  --clients 1000 --rate 500 --limit ports=200 --sources 2

# Acceptors that die, or stop.
truth '*' crashed "acceptor-died of acceptor 1" - kill_acceptor_1 \
  --clients 1000 --rate 500 --acceptors 4
truth '-' crashed "acceptor-died of acceptor 1" - kill_acceptor_1 \
  --clients 1000 --rate 500 --acceptors 2 --listener group
truth '*' stalled "acceptor-stuck of acceptor 0" "b.established-b.accepted 0 17" stop_acceptors \
  --clients 1000 --rate 500 --acceptors 1 --backlog 16
truth '-' survived none - stop_acceptor_0 \
  --clients 40000 --rate max --messages 0 --acceptors 4 --sources 4
truth '-' stalled "acceptor-stuck of acceptors" - \
  stop_acceptors --clients 1000 --rate 500 --acceptors 2 --backlog 64
truth '-' stalled "acceptor-stuck of acceptor [0-3]" - \
  stop_acceptors --clients 1000 --rate 500 --acceptors 4 --listener group

truth '-' stalled "acceptor-stuck of acceptor 1" - stop_one_in_hold \
  --clients 200 --rate 500 --acceptors 2 --listener group --hold 10s

# Processes: of 60, 2 are acceptors, 2 forkers, and with event clients 2 of those.
few=(--acceptors 2 --forkers 2 --rate 300 --clients 300)
truth '*' broke "pids-cgroup of cgroup" "f.served 54" nothing \
  "${few[@]}" --handler fork --limit pids=60
truth '-' inconclusive "pids-cgroup of cgroup" "f.established 56" nothing \
  "${few[@]}" --per-client 1 --limit pids=60
truth '*' broke "nproc of host" "f.served 54" nothing \
  "${few[@]}" --handler fork --limit nproc=60 --user 54321
truth '-' inconclusive "nproc of host" "f.established 56" nothing \
  "${few[@]}" --per-client 1 --limit nproc=60 --user 54321
truth '-' survived none - nothing \
  "${few[@]}" --handler fork --limit pids=400
truth '-' survived none - nothing \
  "${few[@]}" --per-client 1 --limit nproc=400 --user 54321

# Lowered while all connections are there: only the canary's handler finds no room.
lower_pids() {
  local path

  wait_for "SELECT count(*) > 0 FROM phase WHERE $last AND name = 'hold'" 1
  path=/sys/fs/cgroup/pids$(sed -n 's/^[0-9]*:pids://p' "/proc/$(pid_of acceptor 0)/cgroup")
  [[ -e $path/pids.max ]] ||
    path=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$(pid_of acceptor 0)/cgroup")
  echo 50 >"$path/pids.max"
  wait "$supervisor"
}
truth '-' broke "pids-cgroup of cgroup" "f.served 100" lower_pids \
  --acceptors 2 --forkers 2 --rate 300 --clients 100 --hold 4s --handler fork \
  --limit pids=400

# Others count for the user's limit too: 30 that sleep leave room for 24 handlers.
beside_thirty_others() {
  local others

  setpriv --reuid 54321 --regid 54321 --clear-groups \
    bash -c 'for ((i = 1; i < 30; i++)); do sleep 60 & done; wait' &
  others=$!
  wait "$supervisor"
  pkill -P "$others"
  kill "$others"
  wait "$others"
}
truth '*' broke "nproc of host" "b.usage 60" beside_thirty_others \
  --acceptors 2 --forkers 2 --rate 100 --clients 100 --baseline 2s --handler fork \
  --limit nproc=60 --user 54321

# Limits of cgroups around the workers: set, and joined, while the run is on.
# in_cgroup CONTROLLER FILE VALUE: moves the acceptors two levels below one with the limit.
in_cgroup() {
  local parent=/sys/fs/cgroup/$1/brink-truth.$$ pid

  wait_for "SELECT max(held) >= 100 FROM v_progress WHERE $last" 1
  mkdir -p "$parent/a/b"
  echo "$3" >"$parent/$2"
  while read -r pid; do
    echo "$pid" >"$parent/a/b/cgroup.procs"
  done < <(sql "SELECT pid FROM process WHERE $last AND role = 'acceptor'")
  wait "$supervisor"
  until rmdir "$parent/a/b" 2>/dev/null; do :; done
  rmdir "$parent/a" "$parent"
}
few_pids() { in_cgroup pids pids.max 60; }
little_cpu() { in_cgroup cpu cpu.cfs_quota_us 2000; }
little_memory() { in_cgroup memory memory.limit_in_bytes 24M; }
if [[ -w /sys/fs/cgroup/pids && -w /sys/fs/cgroup/cpu && -w /sys/fs/cgroup/memory ]]; then
  truth '-' broke "pids-cgroup of cgroup /brink-truth*" "b.usage 60" few_pids \
    --acceptors 2 --rate 100 --clients 400 --handler fork
  truth '-' broke "cpu-quota of acceptor 0" - little_cpu \
    --acceptors 1 --rate 500 --clients 3000 --backlog 64 --connect-timeout 800ms
  truth '-' '@(broke|crashed)' "memory-cgroup of cgroup /brink-truth*" - little_memory \
    --acceptors 2 --rate 2000 --clients 20000 --messages 0 --retain 8Ki/conn
else
  skip "there are no cgroups of version 1 to make parents in: check-vm has those of 2"
fi

# Memory: a cgroup kills, an address space refuses. 16 MiB are mapped before the first
# connection that is kept 256 KiB for.
truth '*' '@(broke|crashed)' "memory-cgroup of cgroup" - nothing \
  --clients 20000 --rate 4000 --messages 0 --acceptors 2 --forkers 2 --limit memory=24Mi
truth '-' broke "address-space of acceptor 0" "b.accepted 140 200" nothing \
  --clients 1000 --rate 500 --acceptors 1 --retain 256Ki/conn --limit address-space=64Mi
truth '-' survived none - nothing \
  --clients 500 --rate 500 --acceptors 2 --retain 16Ki/conn --limit memory=256Mi

# Met in the hold, with every connection there: the acceptor goes on and fails.
truth '-' broke "address-space of acceptor 0" "f.served 200" nothing \
  --clients 200 --rate 400 --acceptors 1 --hold 14s --retain 2Mi/s \
  --limit address-space=48Mi

# What the client side lost says nothing of the server, also where that broke later.
truth '-' inconclusive none - kill_a_client --clients 400 --rate 100 --forkers 2
truth '-' inconclusive "acceptor-nofile of acceptor 0" "b.usage 190" kill_a_client \
  --clients 400 --rate 50 --acceptors 1 --forkers 2 --limit nofile.acceptor=190

# A burst that the queue has no room for. With sanitizers a fork takes so long that it is the
# acceptor that has no time.
grep -qa __asan_init "$BRINK" || truth '*' broke "accept-queue of listener 0" - nothing \
  --clients 5000 --rate 20000 --backlog 16 --handler fork --acceptors 1 \
  --connect-timeout 800ms
grep -qa __asan_init "$BRINK" || truth '-' broke "somaxconn of listener 0" - nothing \
  --clients 8000 --rate 20000 --limit somaxconn=16 --handler fork --acceptors 1 \
  --connect-timeout 800ms

echo "# score: $((cases - failures)) of $cases"
finish
