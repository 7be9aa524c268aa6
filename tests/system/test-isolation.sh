#!/usr/bin/env bash
# The cgroup of an isolated run: who is in it, what its limits do, and that it goes, however
# the run ends. What a user is held to, and the guard of the host's memory.
source "$srcdir/tests/system/lib.sh"

newest="run_id = (SELECT max(run_id) FROM run)"
load=(--clients 600 --rate 300 --acceptors 2 --forkers 2)

# cgroups_of PID: the directories of the run's cgroup that a process is in, a line each.
cgroups_of() {
  grep -o '/brink\.[A-Za-z0-9]*$' "/proc/$1/cgroup" | sort -u
}

# gone CGROUP: until it is not there any more, at most 10 s.
gone() {
  local until=$((SECONDS + 10))

  while [[ $(find /sys/fs/cgroup -type d -name "${1#/}" 2>/dev/null) ]]; do
    ((SECONDS < until)) || return 1
    read -rt 0.1 <> <(:)
  done
  return 0
}

# under_way: connections are held by the run that was started.
under_way() {
  wait_for "SELECT established >= 100 FROM v_progress WHERE $newest ORDER BY t_s DESC LIMIT 1" 1
}

# start_one NAME: a run that is under way; the name of its cgroup is in $cgroup.
start_one() {
  start "${load[@]}"
  ok "$1" under_way
  cgroup=$(cgroups_of "$(pid_of acceptor 0)" | head -n 1)
}

run --clients 10 --limit pids=64 --acceptors 2 --forkers 2
if ((code == 0)); then
  start_one "a run is under way"
  for role in acceptor forker client; do
    is "the $role is in the run's cgroup" \
      "$(cgroups_of "$(pid_of $role 0)" | grep -c "$cgroup")" 1
  done
  for role in supervisor sampler recorder canary; do
    is "the $role is not" "$(cgroups_of "$(pid_of $role 0)")" ""
  done
  wait "$supervisor"
  ok "the cgroup goes with the run" gone "$cgroup"

  start_one "another is under way"
  kill -KILL "$supervisor"
  wait "$supervisor" 2>/dev/null
  ok "where the supervisor was killed, the recorder removes the cgroup" gone "$cgroup"

  start_one "a third is under way"
  recorder=$(pid_of recorder 0)
  kill -KILL "$recorder" "$supervisor"
  wait "$supervisor" 2>/dev/null
  none_left "$recorder" $(sql "SELECT pid FROM process WHERE $newest")
  run --clients 10
  ok "where both were, the next run removes it" gone "$cgroup"

  run --limit pids=64 --handler fork --clients 200 --rate 200 --acceptors 2 --forkers 2
  is "pids: the cgroup is named" "$(sql "$verdict")" "broke|pids-cgroup|cgroup"
  is "pids: the limit and the refusals are sampled" \
    "$(sql "SELECT max(pids), max(pids_denied_total) > 0 FROM cgroup_sample WHERE $newest")" \
    "64|1"

  run --limit memory=12Mi --clients 8000 --rate 4000 --acceptors 2 --forkers 2 --duration 20s
  is "memory: the cgroup is named" \
    "$(sql "SELECT limit_id FROM v_run WHERE $newest")" "memory-cgroup"
  is "memory: who was killed is recorded as such" \
    "$(sql "SELECT count(*) > 0, min(code), max(code) FROM process
        WHERE $newest AND end = 'oom'")" "1|9|9"
  is "memory: the kill ends the ramp" \
    "$(sql "SELECT count(*) FROM event WHERE $newest AND kind = 'broken'")" 1
else
  skip "cgroups: none may be made here: $(cat "$here/err")"
fi

run --limit nofile.acceptor.1=40 --acceptors 2 --listener group --clients 200 --rate 400
is "one full acceptor of two is named" "$(sql "$verdict")" "broke|acceptor-nofile|acceptor 1"

if ((EUID == 0)); then
  start --user 4711 --limit nproc=40 --handler fork --clients 200 --rate 200 --acceptors 2 \
    --forkers 2
  ok "as another user it gets under way" \
    wait_for "SELECT accepted >= 10 FROM v_progress WHERE $newest ORDER BY t_s DESC LIMIT 1" 1
  for role in "acceptor 0" "forker 0" "client 0" "handler 1"; do
    is "the ${role% *} runs as that user" \
      "$(awk '/^Uid:/ { print $2, $3, $4 }' "/proc/$(pid_of $role)/status")" "4711 4711 4711"
  done
  is "the sampler does not" "$(stat -c %u "/proc/$(pid_of sampler 0)")" 0
  wait "$supervisor"
  is "nproc: no more processes than the user may have" \
    "$(sql "SELECT max(n) FROM (SELECT sum(processes) AS n FROM group_sample
        JOIN subject USING (run_id, subject)
        WHERE $newest AND kind = 'group' AND name <> 'observers' GROUP BY tick)")" 40

  # A plain user has the namespace by one of users, where that is allowed.
  if "${run_as_user[@]}" unshare --user --net true 2>/dev/null; then
    root_db=$db
    chmod 711 "$here"
    install -d -o 4711 -g 4711 "$here/user"
    db=$here/user/brink.db
    "${run_as_user[@]}" "$BRINK" run --db "$db" "${short[@]}" --clients 200 --limit ports=100 \
      >"$here/out" 2>"$here/err"
    is "a plain user isolates a run, and sets the ports of its namespace" \
      "$?|$(sql "$verdict")|$(sql 'SELECT held FROM v_breaking_point')" \
      "3|inconclusive|ephemeral-ports|clients|100"
    "${run_as_user[@]}" "$BRINK" run --db "$db" "${short[@]}" --clients 10 --limit pids=64 \
      >"$here/out" 2>"$here/err"
    is "but has no cgroup to make one in, which is said" \
      "$?|$(grep -c -e '--limit pids=64: no cgroup' "$here/err")" "2|1"
    db=$root_db
  else
    skip "a plain user: the system allows none a user namespace"
  fi
else
  skip "--user: only root may"
fi

# The host's memory sinks below the guard while the run idles: somebody else takes it.
available=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
start --clients 100 --rate 1000 --hold 60s --guard-memory $(((available - 512 * 1024) * 1024))
ok "guard: the run gets under way" under_way
exec {held}> >(exec tail -c 1G >/dev/null)
hog=$!
head -c 1G /dev/zero >&"$held"
wait "$supervisor"
is "guard: the run lets go before the host's memory is gone" \
  "$(sql "SELECT outcome FROM run WHERE $newest")" guarded
exec {held}>&-
kill "$hog" 2>/dev/null

finish
