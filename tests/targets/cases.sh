# The table: see target() in check.sh, which sources it. A count is what the server could take:
# its limit, less what it had open before the first connection.

# What is done to a server, once connections are held.
nothing() { wait "$supervisor"; }

held() { wait_for "SELECT max(held) >= 50 FROM v_progress WHERE $last" 1; }

# The first process and its children: what they forked, too.
kill_tree() {
  local children

  read -ra children < <(cat "/proc/$root/task"/*/children | tr '\n' ' ')
  kill -KILL "$root" "${children[@]}"
}

kill_server() {
  held
  kill_tree
  wait "$supervisor"
}

# Its children go on: they have the listener, too.
kill_first() {
  held
  kill -KILL "$root"
  wait "$supervisor"
}

stop_server() {
  held
  kill -STOP "$holder"
  wait "$supervisor"
}

stop_and_go_on() {
  held
  kill -STOP "$holder"
  read -rt 0.5 <> <(:)
  kill -CONT "$holder"
  wait "$supervisor"
}

kill_in_hold() {
  wait_for "SELECT count(*) > 0 FROM phase WHERE $last AND name = 'hold'" 1
  kill_tree
  wait "$supervisor"
}

# A new one takes the place of the first, as by a supervisor of its own.
restart_server() {
  held
  kill_tree
  until_true port_is_free
  begin "${server[@]}"
  wait "$supervisor"
}

# Lowers the open files of the server while connections come in.
lower_nofile() {
  held
  as_user prlimit --pid "$holder" --nofile=180
  wait "$supervisor"
}

some=(--clients 200 --rate 200)

# Healthy servers, three of each kind of protocol, name nothing.
target '*' nginx "" 'survived, none' - nothing "${some[@]}"
target '-' nginx "workers=4" 'survived, none' "f.served 1000" nothing --clients 1000 --rate 1000
target '-' haproxy "" 'survived, none' "f.served 200" nothing "${some[@]}"
target '-' lighttpd "" 'survived, none' "f.served 200" nothing "${some[@]}"
target '-' node "" 'survived, none' "f.served 200" nothing "${some[@]}"
target '*' redis "" 'survived, none' "f.served 1000" nothing --clients 1000 --rate 1000
target '-' memcached "threads=4" 'survived, none' "f.served 1000" nothing --clients 1000 --rate 1000
target '-' mosquitto "" 'survived, none' "f.served 200" nothing "${some[@]}"
target '-' postgres "" 'survived, none' "f.served 100" nothing --clients 100 --rate 50
target '-' pgbouncer "" 'survived, none' "f.served 200" nothing "${some[@]}"
target '-' sshd "" 'survived, none' "f.served 50" nothing --clients 50 --rate 25
target '-' python "" 'survived, none' "f.served 200" nothing "${some[@]}"
target '-' python "fork=1" 'survived, none' "f.served 100" nothing --clients 100 --rate 50
target '-' erlang "" 'survived, none' "f.served 1000" nothing --clients 1000 --rate 1000

# Within its limit to the last descriptor.
target '-' nginx "nofile=128" 'survived, none' "f.served 100" nothing --clients 100 --rate 100

# Open files: silence, then a server that closes newcomers, then one that dies of it.
target '*' nginx "nofile=128" 'broke, target-nofile of *nginx*, proven' "b.accepted 128-own" \
  nothing "${some[@]}"
target '-' nginx "nofile=64 workers=2" 'broke, target-nofile of *nginx*, proven' \
  "b.accepted 2*(64-own)" nothing "${some[@]}"
# One or two more are its connections to the server behind it.
target '-' pgbouncer "nofile=64" 'broke, target-nofile of *pgbouncer*, proven' "b.accepted 62-own 63-own" \
  nothing "${some[@]}"
# The file that it serves stays open.
target '-' lighttpd "nofile=64" 'broke, target-nofile of *lighttpd*, proven' "b.accepted 63-own" \
  nothing "${some[@]}"
target '*' node "nofile=64" 'broke, target-nofile of *node*, proven' "b.held 63-own 64-own" \
  nothing "${some[@]}"
# It keeps a spare one, to close newcomers with; the canary may have another.
target '-' mosquitto "nofile=64" 'broke, target-nofile of *mosquitto*, @(proven|likely)' \
  "b.held 63-own 64-own" nothing "${some[@]}"
# It wants five for each, so that it never has all.
target '-' sshd "nofile=64" 'broke, target-nofile of *sshd*, likely' "b.held 54 57" nothing \
  --clients 100 --rate 50
target '-' python "nofile=64" 'broke, target-nofile of *python3*, proven' "b.accepted 64-own" \
  nothing "${some[@]}"
target '-' memcached "clients=64 full=no_maxconns_fast" \
  'broke, target-nofile of *memcached*, proven' "b.accepted 64-own" nothing "${some[@]}"
target '-' erlang "nofile=64" 'crashed, target-died of target, *' - nothing "${some[@]}"
says 'open files of .*at the last sample: the likely reason'
target '-' nginx "" 'broke, target-nofile of *nginx*, proven' "b.accepted 180-own" lower_nofile \
  --clients 200 --rate 50

# The server's own maximum, which it says in its own words.
target '*' redis "clients=60" 'broke, application-limit of *, *' "b.held 60" nothing "${some[@]}"
says 'ERR max number of clients reached'
target '-' redis "nofile=64" 'broke, application-limit of *, *' "b.held 32" nothing "${some[@]}"
target '-' memcached "clients=64" 'broke, application-limit of *, *' "b.held 63-own" nothing "${some[@]}"
says 'Too many open connections'
target '*' postgres "clients=20" 'broke, application-limit of *, *' "b.held 20" nothing \
  --clients 60 --rate 30
says 'too many clients already'
target '-' pgbouncer "clients=40" 'broke, application-limit of *, *' "b.held 40" nothing "${some[@]}"
says 'max_client_conn'
target '-' sshd "startups=30" 'broke, application-limit of *, *' "b.held 30" nothing \
  --clients 80 --rate 40
says 'Exceeded MaxStartups'
# Mosquitto 2.0 takes one more for each client that left before, such as the canary.
target '*' mosquitto "clients=60" 'broke, application-limit of *, *' "b.held 60 99" nothing \
  "${some[@]}"
target '-' node "clients=60" 'broke, application-limit of *, *' "b.held 60" nothing "${some[@]}"
target '-' erlang "ports=1024" 'broke, application-limit of *, *' "b.held 1000 1024" nothing \
  --clients 2000 --rate 1000
target '-' python "most=60 words=Go_away" 'broke, application-limit of *, *' "b.held 60" nothing \
  "${some[@]}"
says 'Go_away'

# It stops accepting by itself, and the queue fills up.
target '*' haproxy "clients=60 backlog=20" 'stalled, queue-without-accept of *, *' "b.accepted 60" \
  nothing "${some[@]}"
target '-' lighttpd "clients=60 backlog=20" 'stalled, queue-without-accept of *, *' "b.accepted 60" \
  nothing "${some[@]}"
target '-' python "most=60 full=stop backlog=20" 'stalled, queue-without-accept of *, *' \
  "b.accepted 60" nothing "${some[@]}"

# It takes newcomers, and lets others go for them.
target '*' nginx "connections=128" 'broke, evicts-idle of *, *' - nothing "${some[@]}"
target '-' python "most=60 full=evict" 'broke, evicts-idle of *, *' - nothing "${some[@]}"

# It lets go whom it has not heard for long.
idle=(--clients 200 --rate 200 --hold 5s)
target '*' nginx "timeout=3s" 'broke, idle-timeout of *, *' - nothing "${idle[@]}"
target '-' haproxy "timeout=3s" 'broke, idle-timeout of *, *' - nothing "${idle[@]}"
target '-' node "timeout=3000" 'broke, idle-timeout of *, *' - nothing "${idle[@]}"
# It looks at few of them at a time: of many, each is let go at another age.
target '-' redis "timeout=3" 'broke, idle-timeout of *, *' - nothing --clients 30 --rate 30 --hold 6s
target '-' lighttpd "timeout=3" 'broke, idle-timeout of *, *' - nothing "${idle[@]}"
target '-' sshd "timeout=4" 'broke, idle-timeout of *, *' - nothing --clients 30 --rate 30 --hold 5s
target '-' postgres "idle=4s" 'broke, idle-timeout of *, *' - nothing --clients 40 --rate 40 --hold 5s
target '-' python "age=3" 'broke, idle-timeout of *, *' - nothing "${idle[@]}"

# It accepts, and says nothing.
target '*' python "most=60 full=mute" '@(broke|stalled), service-stops of *, *' "b.served 60" nothing \
  "${some[@]}"

# It dies, or is stopped, and somebody else's hand or not is seen.
target '*' nginx "" 'crashed, target-died of target, *' - kill_server "${some[@]}"
target '-' nginx "" 'survived, none' "f.served 200" kill_first "${some[@]}"
target '-' redis "" 'crashed, target-died of target, *' - kill_in_hold "${some[@]}" --hold 3s
target '-' postgres "" 'crashed, target-died of target, *' - kill_server --clients 100 --rate 50
target '-' python "crash=60" 'crashed, target-died of target, *' - nothing "${some[@]}"
target '-' redis "" 'crashed, target-died of target, *' - restart_server "${some[@]}"
target '*' redis "" '@(broke|stalled), * of *, *' - stop_server "${some[@]}"
target '-' nginx "" '@(broke|stalled), * of *, *' - stop_server "${some[@]}"
target '-' redis "" 'survived, none' "f.served 200" stop_and_go_on "${some[@]}"
target '-' python "reopen=60" 'survived, none' "f.served 200" nothing "${some[@]}"

# Processes and memory.
# Threads of its user on the whole host: the process itself, and one for each connection.
target '*' python "fork=1 nproc=40" 'broke, nproc of host, proven' "b.held 37 39" nothing \
  --clients 100 --rate 50

if [[ -v cgroups[pids] && -v cgroups[memory] ]]; then
  target '-' python "fork=1 pids=40" 'broke, pids-cgroup of *, *' "b.held 36 39" nothing \
    --clients 100 --rate 50
  target '-' python "memory=60M memory-each=1000000" 'broke, memory-cgroup of *, *' - nothing \
    "${some[@]}"
else
  skip "there are no cgroups of version 1 to make one in"
fi

# Nobody was ever served: no limit.
target '-' nginx "" '*, protocol-mismatch of *, *' - nothing "${some[@]}" --protocol redis
