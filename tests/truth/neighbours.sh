#!/usr/bin/env bash
# What others do on the host is not taken for the run's own, and hides nothing of it.
#
# Cases as TAP, in a network namespace that this test makes: without --isolate.
source "$srcdir/tests/system/lib.sh"

place=brink-neighbours-$$
port=9148
neighbour="$srcdir/tests/truth/neighbour.py"
last="run_id = (SELECT max(run_id) FROM run)"

trap 'leave; rm -rf "$here"' EXIT

# enter RANGE [SYSCTL=VALUE…]: a new namespace with this range of ports.
enter() {
  local range=$1 setting
  shift

  ip netns add "$place" && ip -n "$place" link set lo up || exit 1
  inside sysctl -qw "net.ipv4.ip_local_port_range=$range"
  for setting; do
    inside sysctl -qw "$setting"
  done
}

leave() {
  ip netns del "$place" 2>/dev/null
}

inside() {
  ip netns exec "$place" "$@"
}

# beside "NEIGHBOUR'S ARGUMENTS" OPTION…: a run while somebody else is there as well. Where it
# is not to connect to the run it is ready before that begins.
beside() {
  local arguments=$1 ready
  shift

  # shellcheck disable=SC2086  # they are words
  coproc other { inside python3 "$neighbour" $arguments; }
  if [[ ! $arguments =~ ^(hold|close|reset|squat) ]]; then
    read -rt 30 ready <&"${other[0]}" && [[ $ready == ready ]] || return 1
  fi
  alone "$@"
  kill "$other_PID"
  wait "$other_PID" 2>/dev/null
  return 0
}

alone() {
  inside "$BRINK" run --db "$db" --quiet --report none --port "$port" --steps 2 \
    --baseline 1s --plateau 1s --hold 2s --linger 1s --release reset \
    --recovery-timeout 1s "$@" >"$here/out" 2>"$here/err" || sed 's/^/# /' "$here/err"
}

# named WHAT WANTED: what the newest run named, and what it counted of it.
named() {
  is "$1" "$(sql "SELECT coalesce(limit_id, outcome) || ' ' || coalesce(confidence, '-')
    FROM v_run WHERE $last")" "$2"
}

counted() {
  is "$1" "$(sql "SELECT established, accepted, strangers FROM v_funnel WHERE $last")" "$2"
}

# At every tick fewer get further.
funnel() {
  is "$1: the funnel is one at every tick" "$(sql "SELECT count(*) FROM v_progress
    WHERE $last AND NOT (attempted >= established AND established >= accepted
      AND accepted >= served)")" 0
}

# said WHAT PATTERN: a finding of the newest run says so.
said() {
  is "$1" "$(sql "SELECT count(*) > 0 FROM finding WHERE $last AND text LIKE '$2'")" 1
}

enter '32768 60999'
for how in "hold $port 300 127.0.0.1" "close $port 3000 127.0.0.1" "reset $port 3000 127.0.0.1" \
  "hold $port 300 127.0.0.9"; do
  read -r what _ many _ <<<"$how"
  beside "$how" --clients 300 --rate 300
  named "$how: survived" "survived -"
  counted "$how: strangers are counted apart" "300|300|$many"
  said "$how: and said" "%connections were accepted that no client of this run opened%"
  funnel "$how"
done

# With two sources, one that is a client's too.
beside "reset $port 500 127.0.1.2" --clients 300 --rate 300 --sources 2
counted "strangers from a client's own source" "300|300|500"

# exact: of the limit less its own six, what strangers do not hold at the break is accepted.
exact() {
  is "$1" "$(sql "SELECT f.accepted + f.strangers, b.accepted - f.accepted
    FROM v_breaking_point AS b JOIN v_funnel AS f USING (run_id) WHERE $last")" "250|0"
}

# A limit that they help to reach is that limit, and what is accepted stays exact.
beside "hold $port 200 127.0.0.1" --clients 1000 --rate 500 --acceptors 1 --backlog 16 \
  --limit nofile.acceptor=256
named "strangers take open files" "acceptor-nofile proven"
exact "and the rest is exact"

# A connection from the canary's address is not the canary.
beside "hold $port 1 127.255.0.1" --clients 1000 --rate 500 --acceptors 1 --backlog 16 \
  --limit nofile.acceptor=256
named "a stranger from the canary's address hides nothing" "acceptor-nofile proven"
exact "and is counted"
leave

# Another process of the same user joins the port's SO_REUSEPORT group: what it does not take, or
# closes at once, is not this server's doing.
enter '32768 60999'
for how in silent close; do
  for listener in shared group; do
    beside "squat $how $port" --clients 300 --rate 300 --acceptors 2 --listener "$listener" \
      --stall 3s --connect-timeout 2s
    named "a $how squatter beside a $listener listener" "shared-port proven"
    is "and the run says nothing of the server" \
      "$(sql "SELECT outcome FROM run WHERE $last")" inconclusive
  done
done
leave

# ports WHAT HOLDERS [SAID]: the ports ran out, all are accounted for, and it is said by whom.
ports() {
  named "$1" "ephemeral-ports proven"
  is "$1: who held them" "$(sql "SELECT own, strangers, time_wait, bound, reserved, free
    FROM v_port_use WHERE $last")" "$2"
  [[ -z ${3-} ]] || said "$1: said" "$3"
}

few=(--clients 300 --rate 300 --sources 1)
enter '50000 50059' net.ipv4.tcp_tw_reuse=0
port=50010
alone "${few[@]}"
ports "the listener's own port is in the range" "59|0|0|1|0|0" "%1 by the listener itself%"
port=9148
beside "listen 127.0.0.1 50020 30" "${few[@]}"
ports "half of the range is listened on" "30|0|0|30|0|0" "%30 by other sockets that are bound%"
beside "bind 127.0.0.77 50020 1" "${few[@]}"
ports "another process has a port on another address" "59|0|0|1|0|0"
beside "listen ::1 50020 1" "${few[@]}"
ports "a port is taken by IPv6" "59|0|0|1|0|0"
beside "udp 127.0.0.1 50020 10" "${few[@]}"
ports "ports of UDP are others" "60|0|0|0|0|0"
beside "hold $port 20 127.0.0.1" "${few[@]}"
ports "strangers take ports" "40|20|0|0|0|0" "%20 by connections of others to the server%"
inside sysctl -qw net.ipv4.ip_local_reserved_ports=50000-50009
beside "bind 127.0.0.1 50020 5" "${few[@]}"
named "some are reserved, some taken" "reserved-ports proven"
is "and all are accounted for" "$(sql "SELECT own, bound, reserved, free FROM v_port_use
  WHERE $last")" "45|5|10|0"
inside sysctl -qw net.ipv4.ip_local_reserved_ports=

# TIME_WAIT holds a port for its own two addresses alone.
beside "wait 7777 40 127.0.0.1 127.0.0.1" "${few[@]}"
ports "TIME_WAIT towards another port" "60|0|0|0|0|0"
beside "wait 7778 40 127.0.0.1 127.0.0.5" "${few[@]}"
ports "TIME_WAIT of another source" "60|0|0|0|0|0"
alone "${few[@]}" --clients 40 --release close
alone "${few[@]}"
named "TIME_WAIT of the run's own addresses" "time-wait proven"
is "and its ports" "$(sql "SELECT own, time_wait, free FROM v_port_use WHERE $last")" "20|40|0"
leave

# firewall HOOK RULE: what becomes of the segments of the namespace.
firewall() {
  inside nft flush ruleset
  inside nft add table inet rules
  inside nft add chain inet rules it "{ type filter hook $1 priority 0; }"
  inside nft add rule inet rules it "$2"
}

enter '32768 60999'
if inside nft add table inet rules 2>/dev/null; then
  syn='tcp flags & (syn | ack) == syn'
  load=(--clients 400 --rate 400 --acceptors 1)

  for hook in input output; do
    firewall "$hook" "$syn limit rate over 50/second burst 5 packets drop"
    alone "${load[@]}" --hold 15s
    named "a limit of rate at $hook" "firewall likely"
    # What a sanitized client tries in a second varies too much to tell.
    if grep -qa __asan_init "$BRINK"; then
      said "a limit of rate at $hook: said" "%handshakes%"
    else
      said "a limit of rate at $hook: said" "a limit of rate by the firewall: %"
    fi
    # Newcomers may have no service before all are tried.
    said "a limit of rate at $hook: what is short" "% of % connections were held, %"
  done

  # A SYN takes 60 bytes: all from the 201st on.
  firewall input "$syn quota over 12000 bytes drop"
  alone "${load[@]}" --connect-timeout 4s
  named "handshakes are dropped after a while" "firewall likely"
  said "and those that failed are counted" "% failed (connect() → ETIMEDOUT)%"
  firewall input "$syn quota over 12000 bytes reject with icmp type host-unreachable"
  alone "${load[@]}"
  named "handshakes are refused after a while" "firewall likely"
  said "and by which error" "connects were refused on the way to a listener: EHOSTUNREACH"
  firewall input "$syn quota over 12000 bytes reject with tcp reset"
  alone "${load[@]}"
  named "handshakes are reset after a while" "firewall likely"
  said "though a listener is there" "connects were refused on the way to a listener: ECONNREFUSED"

  firewall input 'tcp flags & (syn | ack) == ack numgen random mod 100 < 10 drop'
  alone "${load[@]}" --hold 5s
  named "a tenth of the data is lost and sent again" "survived -"
  said "and the loss is said" "segments were lost: % with data were sent again%"

  # hold_behind HOOK RULE OPTION…: a rule that comes once every connection is held. Where
  # nothing goes on but the canary's visits, these show it.
  hold_behind() {
    local run hook=$1 rule=$2
    shift 2

    inside nft flush ruleset
    alone "${load[@]}" --hold 4s "$@" &
    run=$!
    wait_for "SELECT count(*) FROM phase WHERE name = 'hold'" $((++holds))
    firewall "$hook" "$rule"
    wait "$run"
  }
  holds=$(sql "SELECT count(*) FROM phase WHERE name = 'hold'")
  data='tcp flags & (syn | ack) == ack meta length > 60'
  hold_behind input "$data drop"
  named "data is dropped in the hold" "segment-loss likely"
  hold_behind output 'tcp flags & (syn | ack) == ack drop'
  named "all but handshakes is dropped in the hold" "segment-loss likely"
  hold_behind input "$data reject with tcp reset"
  named "data is answered by resets in the hold" "connection-resets likely"
  said "and by which call" "connections were reset on the way or by a tool, % recv() → ECONNRESET"
  hold_behind input 'tcp flags & (syn | ack) == ack reject with tcp reset'
  named "all but handshakes is answered by resets in the hold" "connection-resets likely"
  hold_behind input "$syn drop"
  named "handshakes are dropped in the hold" "firewall likely"
  hold_behind output "$syn reject with icmp type host-unreachable"
  named "handshakes are refused in the hold" "firewall likely"

  # The canary, and half of the connections, go on as before.
  hold_behind input "ip saddr 127.0.1.1 tcp flags & (syn | ack) == ack drop" --sources 2 \
    --every 500ms --connect-timeout 1s --hold 6s
  is "what some connections say is not answered in the hold" \
    "$(sql "SELECT outcome <> 'survived' FROM run ORDER BY run_id DESC LIMIT 1")" 1

  # While connections come: half of them are there.
  ramp_behind() {
    local run runs

    runs=$(sql "SELECT max(run_id) FROM run")
    inside nft flush ruleset
    alone "${load[@]}" --rate 100 --stall 2s --plateau 3s &
    run=$!
    wait_for "SELECT max(held) >= 100 FROM v_progress WHERE run_id > $runs" 1
    firewall "$1" "$2"
    wait "$run"
  }
  ramp_behind input 'tcp flags & (syn | ack) == ack drop'
  named "all but handshakes is dropped in the ramp" "segment-loss likely"
  ramp_behind input "$data reject with tcp reset"
  named "data is answered by resets in the ramp" "connection-resets likely"
else
  skip "the firewall is named: nft (Debian: nftables) is not to be had or may not be used here"
fi
leave

finish
