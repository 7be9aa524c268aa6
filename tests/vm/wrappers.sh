# shellcheck shell=bash
#
# What is done to a machine around a run: the words of a wrapper end with --, the command
# follows, and may be another wrapper. Each puts things back. A + in a word is a blank.

cgroups=/sys/fs/cgroup

text() {
  echo "${1//+/ }"
}

# sysctls NAME=VALUE… -- COMMAND…
sysctls() {
  local before=() name status

  while [[ $1 != -- ]]; do
    name=${1%%=*}
    name=/proc/sys/${name//.//}
    before+=("$name" "$(<"$name")")
    text "${1#*=}" >"$name" || echo "$1: refused"
    shift
  done
  "${@:2}"
  status=$?
  set -- "${before[@]}"
  while (($# > 0)); do
    echo "$2" >"$1"
    shift 2
  done
  return "$status"
}

# with_memory MIB -- COMMAND…: while only so many are available to others.
with_memory() {
  local status

  mkdir -p /full
  mount -t tmpfs -o size=100% full /full
  dd if=/dev/zero of=/full/file bs=1M status=none \
    count=$(($(awk '/MemAvailable/ { print int($2 / 1024) }' /proc/meminfo) - $1))
  "${@:3}"
  status=$?
  umount /full
  return "$status"
}

# groups LEVEL… -- COMMAND…: in the innermost of nested cgroups; each level is -, or limits
# such as pids.max=60,memory.max=64M.
groups() {
  local path=$cgroups outer=() level status setting

  while [[ $1 != -- ]]; do
    level=$1
    if ((${#outer[@]} > 0)); then
      echo "+cpu +memory +pids" >"$path/cgroup.subtree_control"
    fi
    path+=/level${#outer[@]}
    outer=("$path" "${outer[@]}")
    mkdir "$path"
    for setting in ${level//,/ }; do
      [[ $setting == - ]] || text "${setting#*=}" >"$path/${setting%%=*}"
    done
    shift
  done
  shift
  (echo "$BASHPID" >"$path/cgroup.procs" && "$@")
  status=$?
  # Whoever is left there would keep them.
  echo 1 >"$path/cgroup.kill"
  for path in "${outer[@]}"; do
    wait_for_empty "$path"
    rmdir "$path"
  done
  return "$status"
}

# Until no process is in the cgroup, at most 5 s.
wait_for_empty() {
  local until=$((SECONDS + 5))

  while ((SECONDS < until)) && grep -q 'populated 1' "$1/cgroup.events"; do
    usleep 50000
  done
}

# firewall RULE -- COMMAND…: with one rule for what comes in.
firewall() {
  local rule status

  rule=$(text "$1")

  nft add table inet case
  nft add chain inet case input '{ type filter hook input priority 0; }'
  # shellcheck disable=SC2086  # words
  nft add rule inet case input $rule
  "${@:3}"
  status=$?
  nft delete table inet case
  return "$status"
}

# network QUALITY -- COMMAND…: with a loopback of that quality, such as delay+20ms.
network() {
  local status

  # shellcheck disable=SC2046  # words
  tc qdisc add dev lo root netem $(text "$1")
  "${@:3}"
  status=$?
  tc qdisc del dev lo root
  return "$status"
}

# as_user -- COMMAND…: without any of root's capabilities.
as_user() {
  setpriv --reuid 65534 --regid 65534 --clear-groups "${@:2}"
}

# delegated -- COMMAND…: likewise, in a session below a cgroup that was given to the user with
# all that is in it, as that of systemd's user@.service.
delegated() {
  local path=$cgroups/delegated status

  mkdir "$path"
  echo "+cpu +memory +pids" >"$path/cgroup.subtree_control"
  mkdir "$path/session"
  chown 65534:65534 "$path"{,/session} "$path"{,/session}/cgroup.{procs,threads,subtree_control}
  (echo "$BASHPID" >"$path/session/cgroup.procs" && as_user "$@")
  status=$?
  echo 1 >"$path/cgroup.kill"
  wait_for_empty "$path"
  find "$path" -depth -type d -exec rmdir {} +
  return "$status"
}

# own_processes_only -- COMMAND…: with /proc that shows a user no process of others.
own_processes_only() {
  local status

  mount -o remount,hidepid=2 /proc
  "${@:2}"
  status=$?
  mount -o remount,hidepid=0 /proc
  return "$status"
}

# unknown_peers -- COMMAND…: without what the kernel remembers of those it was connected to,
# for which it keeps room in a SYN queue.
unknown_peers() {
  ip tcp_metrics flush all
  "${@:2}"
}

# no_sysctls -- COMMAND…: without /proc/sys, as in some containers.
no_sysctls() {
  local status

  mount -t tmpfs -o ro none /proc/sys
  "${@:2}"
  status=$?
  umount /proc/sys
  return "$status"
}

# drops -- COMMAND…: prints afterwards what the kernel dropped, with its own word for why.
drops() {
  local trace=/sys/kernel/tracing status

  [[ -e $trace/trace ]] || mount -t tracefs tracefs "$trace"
  echo >"$trace/trace"
  echo 8192 >"$trace/buffer_size_kb"
  echo 1 >"$trace/events/skb/kfree_skb/enable"
  "${@:2}"
  status=$?
  echo 0 >"$trace/events/skb/kfree_skb/enable"
  sed -n 's/.* reason: /the kernel dropped for /p' "$trace/trace" | sort | uniq -c
  return "$status"
}
