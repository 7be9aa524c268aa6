#!/usr/bin/env bash
# Real servers that are led to their limit: what gave way is what brink names, with its count.
#
# Writes TAP, a case for each line of cases.sh; the last line is a score. TARGETS=short runs
# those that are marked with a *, TARGETS_CASES (a pattern of "SERVER SETTINGS") some of them.
#
# BRINK names the program. Servers run as a plain user in namespaces of the test's own: none is
# reached from outside, and none is left behind.
: "${srcdir:?}"
srcdir=$(cd "$srcdir" && pwd)
if [[ -z ${IN_NAMESPACES-} ]]; then
  exec env IN_NAMESPACES=1 srcdir="$srcdir" unshare --net --ipc --pid --fork --kill-child --mount-proc \
    "$BASH" "$0"
fi
ip link set lo up || exit 1
# shellcheck source=tests/system/lib.sh
source "$srcdir/tests/system/lib.sh"
# shellcheck source=tests/targets/servers.sh
source "$srcdir/tests/targets/servers.sh"

user=4712
short=(--quiet --target "127.0.0.1:$port" --baseline 1s --plateau 500ms --hold 500ms
  --linger 1s --steps 2 --stall 3s --release reset --recovery-timeout 1s --report none)
last="run_id = (SELECT max(run_id) FROM run)"
declare -A given
begun=()
was_run=
chmod 755 "$here"
# Some servers want to know who they are.
sed "\$a targets:x:$user:$user::$here:/bin/false" /etc/passwd >"$here/passwd" &&
  mount --bind "$here/passwd" /etc/passwd || exit 1
trap 'end_servers; leave_cgroups; umount /etc/passwd; rm -rf "$here"' EXIT

as_user() {
  env HOME="$place" setpriv --reuid "$user" --regid "$user" --clear-groups "$@"
}

# begin COMMAND…: in the background and in $place, within the limits that are given, with no
# descriptor of the shell's own.
begin() {
  local controller fd

  (
    cd "$place" || exit
    for fd in /proc/"$BASHPID"/fd/*; do
      fd=${fd##*/}
      ((fd < 3)) || exec {fd}>&-
    done
    for controller in "${!cgroups[@]}"; do
      [[ ! -v given[$controller] ]] || echo "$BASHPID" >"${cgroups[$controller]}/cgroup.procs"
    done
    HOME=$place exec prlimit --nofile="${given[nofile]:-4096}" \
      --nproc="${given[nproc]:-4096}" --core=0 \
      setpriv --reuid "$user" --regid "$user" --clear-groups "$@"
  ) >>"$place/output" 2>&1 &
  begun+=("$!")
  disown # how it ends is for brink to say
}

# A cgroup of version 1 for each controller that a server may be limited by.
declare -A cgroups=()
make_cgroups() {
  local controller

  for controller in pids memory; do
    [[ -w /sys/fs/cgroup/$controller ]] || continue
    cgroups[$controller]=/sys/fs/cgroup/$controller/brink-targets.${here##*.}
    mkdir "${cgroups[$controller]}"
  done
}

leave_cgroups() {
  local controller

  for controller in "${!cgroups[@]}"; do
    rmdir "${cgroups[$controller]}"
  done
}

limit_cgroups() {
  [[ ! -v cgroups[pids] ]] || echo "${given[pids]:-max}" >"${cgroups[pids]}/pids.max"
  [[ ! -v cgroups[memory] ]] ||
    echo "${given[memory]:--1}" >"${cgroups[memory]}/memory.limit_in_bytes"
}

# listens PORT: whether anyone does, without connecting.
listens() {
  grep -q "^ *[0-9]*: 0100007F:$(printf %04X "$1") 00000000:0000 0A" /proc/net/tcp
}

# until_true COMMAND…: at most 30 s.
until_true() {
  local until=$((SECONDS + 30))

  until "$@"; do
    ((SECONDS < until)) || return 1
    read -rt 0.05 <> <(:)
  done
  return 0
}

# begin_server NAME [KEY=VALUE…]: one that listens when this returns. $root is its first
# process, $holder the one that connections are held by.
begin_server() {
  local name=$1 setting
  shift

  place=$here/place.$cases
  install -d -o "$user" "$place"
  given=()
  behind=()
  for setting; do
    given[${setting%%=*}]=${setting#*=}
  done
  limit_cgroups
  "$name" || return
  if ((${#behind[@]})); then
    begin "${behind[@]}"
    until_true pg_isready -q -h 127.0.0.1 -p 5432 || return
  fi
  begin "${server[@]}"
  root=${begun[-1]}
  until_true listens "$port" || return
  [[ $name != postgres ]] || until_true pg_isready -q -h 127.0.0.1 -p "$port" || return
  holder=$root
  [[ $name != nginx ]] || until_true holder_is_child || return
  own=$(own_descriptors)
}

holder_is_child() {
  holder=$(cut -d ' ' -f 1 "/proc/$root/task/$root/children")
  [[ -n $holder ]] && grep -q '^Name:.*nginx' "/proc/$holder/status"
}

# What the holder has open once it has come to rest.
own_descriptors() {
  local before=-1 now=0 until=$((SECONDS + 10))

  until ((now == before || SECONDS >= until)); do
    before=$now
    read -rt 0.2 <> <(:)
    now=$(find "/proc/$holder/fd" -mindepth 1 2>/dev/null | wc -l)
  done
  echo "$now"
}

# Ends whatever is left in the process namespace, of which this shell is the first.
end_servers() {
  (($$ == 1)) || return
  kill -KILL -1 2>/dev/null
  begun=()
  until_true port_is_free
}

port_is_free() {
  ! listens "$port"
}

# why_not NAME: why there is no such server here, or nothing.
why_not() {
  local program=$1_program

  type -P "${!program}" >/dev/null || echo "${!program} is not installed"
}

# target MARK SERVER "SETTINGS" EXPECTED COUNT ACTION OPTION…: one case. EXPECTED is a pattern of
# "OUTCOME, ID of SUBJECT, CONFIDENCE", or "OUTCOME, none". COUNT is "EXPRESSION FROM [TO]" or
# "-", where the expression is of v_funnel (f) and v_breaking_point (b), and FROM and TO may
# speak of $own, the descriptors that the server had before the first connection.
target() {
  local mark=$1 name=$2 settings=$3 expected=$4 count=$5 action=$6 speaks=$2_speaks
  local named got=- wrong=0 expression from to words
  shift 6

  was_run=
  [[ ${TARGETS-} != short || $mark == '*' ]] || return 0
  # shellcheck disable=SC2053  # a pattern
  [[ "$name $settings" == ${TARGETS_CASES:-*} ]] || return 0
  words=$(why_not "$name")
  if [[ -n $words ]]; then
    skip "$name $settings: $words"
    return
  fi
  # shellcheck disable=SC2086  # they are words
  if ! begin_server "$name" $settings; then
    ok "$name $settings: it did not start" false
    sed 's/^/# /' "$place/output"
    end_servers
    return
  fi
  start --protocol "${!speaks}" "$@"
  "$action"
  was_run="$name $settings"
  named=$(sql "SELECT outcome || ', ' || coalesce(limit_id, 'none')
      || coalesce(' of ' || subject, '') || coalesce(', ' || confidence, '')
      FROM v_run WHERE $last")
  if [[ $count != - ]]; then
    read -r expression from to <<<"$count"
    got=$(sql "SELECT $expression FROM v_run AS r LEFT JOIN v_breaking_point AS b USING (run_id)
        LEFT JOIN v_funnel AS f USING (run_id) WHERE $last")
    [[ $got =~ ^[0-9]+$ ]] && ((got >= from && got <= ${to:-from})) || wrong=1
  fi
  # shellcheck disable=SC2053  # a pattern
  [[ $named == $expected ]] || wrong=1
  ok "$(printf '%-34s %-58s %-58s %-22s got %-5s own %-3s %s' "$name $settings" "$expected" \
    "$named" "$count" "$got" "$own" "$*")" test "$wrong" = 0
  if ((wrong)); then
    "$BRINK" show last 2>&1 | sed 's/^/# /'
    tail -n 5 "$place/output" | sed 's/^/# server: /'
  fi
  end_servers
}

# says PATTERN: what is shown of the case before, where it was run.
says() {
  [[ -n $was_run ]] || return 0
  "$BRINK" show last | tr -s '\n ' '  ' >"$here/shown" # lines are wrapped
  ok "$was_run says $1" grep -qE "$1" "$here/shown"
}

make_cgroups
# shellcheck source=tests/targets/cases.sh
source "$srcdir/tests/targets/cases.sh"
echo "# score: $((cases - failures)) of $cases"
finish
