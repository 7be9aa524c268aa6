#!/usr/bin/env bash
# The leak that was injected is the leak that is found: its size, and its kind.
#
# A table of cases, as TAP: each line says what was expected, what was found and by how much
# that is wrong; the last is a score. TRUTH=short runs those that are marked with a *; else
# all are run.
source "$srcdir/tests/system/lib.sh"

short=(--isolate --db "$db" --quiet --baseline 2s --plateau 2s --hold 2s --linger 1s --steps 4
  --release reset --recovery-timeout 2s)
last="run_id = (SELECT max(run_id) FROM run)"
memory="FROM v_leak_rate WHERE $last AND subject = 'acceptors' AND resource = 'rss_bytes'"
leaks="SELECT coalesce(group_concat(subject || ' ' || resource || ' ' || class, ', '), 'none')
  FROM v_leak_rate WHERE $last AND class IN ('per-time', 'both')"

# measure MARK OPTION…: the run that the cases after it look at, unless it is left out.
measure() {
  local mark=$1
  shift

  measured=
  [[ ${TRUTH-} != short || $mark == '*' ]] || return 0
  measured=$*
  run "$@"
}

# near NAME EXPECTED PERCENT QUERY: a case; the figure may be wrong by so much.
near() {
  local got error

  [[ -n $measured ]] || return 0
  got=$(sql "SELECT round($4, 3)")
  error=$(sql "SELECT round(100 * abs(${got:-1e9} - $2) / $2, 3)")
  ok "$(printf '%-32s %-14s got %-14s error %-8s of %-5s %s' "$1" "$2" "$got" "$error %" \
    "$3 %" "$measured")" test "$(sql "SELECT $error <= $3")" = 1
}

# same NAME EXPECTED QUERY: a case; what is found is exactly that.
same() {
  local got error=0

  [[ -n $measured ]] || return 0
  got=$(sql "$3")
  [[ $got == "$2" ]] || error=-
  ok "$(printf '%-32s %-14s got %-14s error %-17s %s' "$1" "$2" "$got" "$error" "$measured")" \
    test "$error" = 0
}

# Bytes per connection: an acceptor's own table takes 16 more of each.
measure '*' --clients 2000 --rate 2000 --retain 4Ki/conn
near "4 KiB a connection" 4096 2 "(SELECT per_connection $memory)"
same "and its class" per-connection "SELECT class $memory"
measure '-' --clients 2000 --rate 2000 --retain 20k/conn
near "20 kB a connection" 20000 2 "(SELECT per_connection $memory)"
measure '-' --clients 1000 --rate 1000 --messages 5 --retain 2Ki/msg
near "2 KiB a message, five each" 10240 2 "(SELECT per_connection $memory)"
measure '-' --clients 1000 --rate 1000 --acceptors 3 --listener group --retain 64Ki/conn
near "64 KiB a connection, in a group" 65536 2 "(SELECT per_connection $memory)"

# Bytes per second, with the connections held still for 30 s.
measure '-' --clients 1000 --rate 1000 --hold 30s --retain 64Ki/s
near "64 KiB a second" 65536 5 "(SELECT over_time $memory)"
measure '-' --clients 1000 --rate 1000 --hold 30s --retain 1M/s
near "1 MB a second" 1000000 5 "(SELECT over_time $memory)"
measure '-' --clients 1000 --rate 1000 --hold 30s --retain 4Ki/conn --retain 64Ki/s
near "both at once, a connection" 4096 2 "(SELECT per_connection $memory)"
near "both at once, a second" 65536 5 "(SELECT over_time $memory)"
same "both at once, the class" both "SELECT class $memory"

# The classic leak test: 500 connections stand, and memory grows by 0.4 MB/s.
for case in '* 8s' '- 30s'; do
  measure "${case% *}" --clients 500 --rate 2000 --steps 1 --hold "${case#* }" --retain 0.4M/s
  near "500 held, 0.4 MB a second" 400000 5 "(SELECT over_time $memory)"
  same "and its class" per-time "SELECT class $memory"
done

# A leak that meets a cap is still one.
if grep -qa __asan_init "$BRINK"; then
  skip "a leak that meets a cap: the address space of a sanitized program cannot be limited"
else
  measure '*' --clients 200 --rate 2000 --acceptors 1 --hold 12s --limit address-space=60M \
    --retain 5M/s
  near "5 MB a second, up to a cap" 5000000 5 "(SELECT over_time $memory)"
  same "and its class" per-time "SELECT class $memory"
  same "and the cap is named" 1 "SELECT count(*) FROM finding WHERE $last
    AND text LIKE 'memory of acceptor 0 grows no more from %(RLIMIT_AS) of 57.2 MiB%'"
fi

# A leak that fills its cgroup is met by time, not by connections: more memory buys seconds.
measure '*' --clients 200 --rate 2000 --acceptors 1 --hold 15s --limit memory=40Mi --retain 4Mi/s
same "a leak that fills its cgroup" memory-cgroup "SELECT limit_id FROM v_breaking_point
  WHERE $last"
more="FROM finding WHERE $last AND kind = 'recommendation' AND limit_id = 'memory-cgroup'
  AND text LIKE '%MiB: memory.max%grows by %MiB/s%lasts about%s longer%'"
same "more memory buys time" 1 "SELECT count(*) $more"
near "at the rate of the leak, MiB/s" 4 10 "(SELECT CAST(substr(text,
  instr(text, 'grows by ') + 9) AS REAL) $more)"
same "and no connections" 0 "SELECT count(*) FROM finding WHERE $last
  AND (text LIKE '%moves %' OR text LIKE 'set an alarm%memory%')"

# Descriptors and processes are counted exactly.
group="FROM v_leak_rate WHERE $last AND subject"
measure '*' --clients 300 --rate 300 --handler fork
same "processes a connection" 1.0 "SELECT per_connection $group = 'handlers'
  AND resource = 'processes'"
same "processes left over" 300.0 "SELECT leaked $group = 'handlers'
  AND resource = 'processes'"
measure '-' --clients 2000 --rate 2000
same "descriptors a connection" 1.0 "SELECT per_connection $group = 'acceptors'
  AND resource = 'fds'"
same "descriptors left open" 2000.0 "SELECT leaked $group = 'acceptors'
  AND resource = 'fds'"
same "sockets a connection" 2.0 "SELECT per_connection $group = 'netns'
  AND resource = 'sockets'"

# The same samples give the same figures.
if [[ -n $measured ]]; then
  figures="SELECT group_concat(quote(base) || quote(per_connection_low) || quote(over_time)
    || class || quote(trend_p), ' ') FROM v_leak_rate WHERE $last"
  before=$(sql "$figures")
  "$BRINK" analyse last --db "$db" >/dev/null
  ok "analysed anew, the figures are the same" test "$(sql "$figures")" = "$before"
fi

# Runs without a leak have none.
for i in {1..20}; do
  measure "$([[ $i -gt 2 ]] || echo '*')" --clients 500 --rate 2000 --steps 3 --plateau 1s \
    --hold 4s --baseline 1s
  same "no leak in clean run $i" none "$leaks"
done

# What two loops and a compiler do beside is no leak either, no cost of a connection, and no
# difference between like runs.
busy=()
busy_start() {
  local i

  for i in {1..2000}; do
    echo "int f$i(int a) { for (int i = 0; i < a; i++) a ^= i * $i; return a; }"
  done >"$here/job.c"
  for i in 1 2; do
    while :; do :; done &
    busy+=($!)
  done
  while "${CC:-cc}" -O2 -c -o "$here/job.o" "$here/job.c" 2>/dev/null; do :; done &
  busy+=($!)
}

busy_end() {
  ((${#busy[@]} == 0)) || kill "${busy[@]}" 2>/dev/null
  wait "${busy[@]}" 2>/dev/null
  busy=()
}
trap 'busy_end; rm -rf "$here"' EXIT

# alike NAME: the last two runs, of one plan.
alike() {
  local text news

  [[ -n $measured ]] || return 0
  if text=$("$BRINK" compare last-1 last --db "$db"); then
    news=$(grep -cE '^ *(worse|better) ' <<<"$text")
  else
    news="no comparison"
  fi
  ok "$(printf '%-32s %-14s got %-14s %s' "$1" "0 differences" "$news" "$measured")" \
    test "$news" = 0
}

for i in {1..20}; do
  for k in 1 2; do
    measure "$([[ $i -gt 1 ]] || echo '*')" --clients 600 --rate 1500 --steps 3 --plateau 1s \
      --hold 3s --baseline 1s
  done
  alike "like runs, pair $i"
done

[[ ${TRUTH-} == short ]] || busy_start
for i in {1..20}; do
  for k in 1 2; do
    measure - --clients 500 --rate 1000 --steps 3 --plateau 1s --hold 4s --baseline 1s
    same "no leak beside others, run $i.$k" none "$leaks"
    same "nor less than its sockets" 1 "SELECT bytes_low >= 0.9 * 2 * 2048
      FROM v_cost_per_connection WHERE $last AND side = 'kernel'"
  done
  alike "like runs beside others, pair $i"
done
busy_end

# forecast NAME RESOURCE: the one made at a quarter of the breaking point, of where it broke.
forecast() {
  [[ -n $measured ]] || return 0
  near "$1" "$(sql "SELECT held FROM v_breaking_point WHERE $last")" 2 \
    "(SELECT at_connections FROM v_forecast WHERE $last AND resource = '$2'
      AND made_at_held <= 0.26 * (SELECT held FROM v_breaking_point WHERE $last)
      ORDER BY made_at_s DESC, rank LIMIT 1)"
}

measure '*' --clients 2048 --rate 2000 --steps 32 --plateau 500ms --acceptors 1 \
  --limit nofile.acceptor=1024
forecast "forecast of fds" fds
measure '-' --clients 2048 --rate 2000 --steps 32 --plateau 500ms --acceptors 4 \
  --limit nofile.acceptor=256
forecast "forecast of fds, four acceptors" fds
measure '-' --clients 2048 --rate 2000 --steps 32 --plateau 500ms --limit ports=1000
forecast "forecast of ports" held

# covered NAME: of an acceptor of a group, that the interval of the first forecast holds where
# it broke.
covered() {
  [[ -n $measured ]] || return 0
  same "$1" 1 "SELECT f.low <= b.held AND b.held <= f.high FROM v_breaking_point AS b
    JOIN (SELECT * FROM v_forecast WHERE $last AND subject GLOB 'acceptor *'
      AND resource = 'fds' ORDER BY made_at_s, rank LIMIT 1) AS f WHERE b.$last"
}

measure '*' --listener group --acceptors 4 --limit nofile.acceptor=450 --clients 2400 \
  --rate 2000 --steps 60 --plateau 200ms
covered "an acceptor of four, at 40 held"
measure '-' --listener group --acceptors 8 --limit nofile.acceptor=200 --clients 2400 \
  --rate 2000 --steps 60 --plateau 200ms
covered "an acceptor of eight, at 40 held"
measure '-' --clients 800 --rate 500 --steps 32 --plateau 500ms --handler fork --limit pids=420
forecast "forecast of processes" pids

echo "# score: $((cases - failures)) of $cases"
finish
