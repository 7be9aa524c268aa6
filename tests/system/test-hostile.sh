#!/usr/bin/env bash
# What cannot be done here is said in one sentence before anything starts, and nothing is
# left of the try: no process, no cgroup, no namespace, no sysctl, no run in the store.
source "$srcdir/tests/system/lib.sh"

mkdir "$here/cwd"
cd "$here/cwd" || exit 1

sysctls() {
  local name

  for name in net/ipv4/ip_local_port_range net/ipv4/tcp_max_syn_backlog \
    net/ipv4/tcp_max_tw_buckets net/core/somaxconn kernel/pid_max kernel/threads-max \
    fs/file-max user/max_user_namespaces user/max_net_namespaces; do
    echo "$name $(cat /proc/sys/$name 2>/dev/null)"
  done
}
sysctls_before=$(sysctls)

# Everything that brink starts is this program, in this test's directory.
processes() {
  local cwd process

  while read -r cwd; do
    process=${cwd%/cwd}
    [[ $(readlink "$process/exe") == "$(realpath "$BRINK")" ]] && cat "$process/comm"
  done < <(find /proc -maxdepth 2 -name cwd -lname "$here/cwd" 2>/dev/null) 2>/dev/null
}

# A cgroup of a run that lives is locked.
dead_cgroups() {
  local cgroup

  while read -r cgroup; do
    [[ -d $cgroup ]] && flock -n "$cgroup" true 2>/dev/null && echo "$cgroup"
  done < <(find /sys/fs/cgroup -type d -name 'brink.*' 2>/dev/null)
}

# left: what is still there of a run, a line each.
left() {
  processes
  dead_cgroups
  grep nsfs /proc/mounts
  diff <(echo "$sysctls_before") <(sysctls)
  [[ -e $db ]] && sqlite3 -readonly "$db" 'SELECT run_id, state FROM run'
}

# refused NAME TEXT COMMAND…: exit 2 after one sentence with TEXT in it, and nothing is left.
refused() {
  local name=$1 text=$2
  shift 2

  timeout 20 "$@" >"$here/out" 2>"$here/err"
  is "$name: exit code" "$?" 2
  is "$name: one sentence" "$(wc -l <"$here/err")" 1
  ok "$name: says $text" grep -qF -- "$text" "$here/err"
  grep -qF -- "$text" "$here/err" || sed 's/^/# /' "$here/err"
  is "$name: leaves nothing" "$(left)" ""
}

# A script in a mount namespace of its own; what follows are its arguments.
inside=(unshare --mount --propagation private bash -c)

run=("$BRINK" run --db "$db" "${short[@]/--quiet/--status=10s}" --clients 10)

# Contradictions, and limits under which brink itself cannot live.
four=(--acceptors 4 --forkers 2)
refused "an acceptor that is not there" "there are 4 acceptors" \
  "${run[@]}" "${four[@]}" --limit nofile.acceptor.4=64
refused "a guard, and none" "contradict each other" \
  "${run[@]}" --no-guard --guard-memory 1Gi
refused "a limit of memory that the host does not have" "would never be met" \
  "${run[@]}" --limit memory=1024Gi
refused "more open files than the hard limit" "hard RLIMIT_NOFILE" \
  bash -c 'ulimit -n 4096 && exec "$@"' limited "${run[@]}" --limit nofile.acceptor=4097
refused "too few processes in the cgroup" "brink itself needs 7 processes" \
  "${run[@]}" "${four[@]}" --limit pids=6
refused "too little memory in the cgroup" "workers alone need" \
  "${run[@]}" --acceptors 8 --limit memory=4Mi
refused "too little address space" "an acceptor itself needs" \
  "${run[@]}" --limit address-space=16Mi
refused "a memory guard above what is available" "are needed to begin" \
  "${run[@]}" --guard-memory $(($(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo) * 1024))
refused "the host's own table of connections" "one for the whole host" \
  "${run[@]}" --limit conntrack=500
refused "the host's own memory of TCP" "one for the whole host" \
  "${run[@]}" --limit tcp_mem=64Mi

# A port that is taken.
"$BRINK" run --db "$here/other.db" --port 10931 --clients 10 --baseline 20s --quiet \
  >/dev/null 2>&1 &
other=$!
until (: <>/dev/tcp/127.0.0.1/10931) 2>/dev/null; do
  read -rt 0.1 <> <(:)
done
timeout 20 "$BRINK" run --db "$db" --port 10931 --clients 10 >"$here/out" 2>"$here/err"
is "a port in use: exit code" "$?" 2
is "a port in use: one sentence" "$(cat "$here/err")" \
  "brink run: port 10931 on 127.0.0.1 is in use; choose another by --port"
ok "a port in use: no run is stored" test ! -e "$db"
kill -INT "$other"
kill -INT "$other"
wait "$other" 2>/dev/null
is "a port in use: leaves nothing" "$(left)" ""

if ((EUID == 0)); then
  refused "nproc for root" "needs --user" "${run[@]}" --limit nproc=40
  refused "too few processes of a user" "brink itself needs 7 processes" \
    "${run[@]}" "${four[@]}" --user 4711 --limit nproc=6
  chmod 711 "$here"
  refused "another user, as a plain one" "only root may" \
    "${run_as_user[@]}" "${run[@]}" --user 4712

  # In a user namespace of its own no other may be made, nor a network namespace.
  none='echo 0 >/proc/sys/user/max_user_namespaces &&
    echo 0 >/proc/sys/user/max_net_namespaces && exec "$@"'
  refused "no namespace for root of a container" "no network namespace may be made" \
    unshare --user --map-root-user bash -c "$none" none "${run[@]}"
  refused "no namespace for a plain user" "no network namespace may be made" \
    unshare --user --map-root-user bash -c "$none" none \
    setpriv --inh-caps=-all --bounding-set=-all --no-new-privs "${run[@]}"

  read_only='for mount in $(awk "\$3 ~ /^cgroup/ { print \$2 }" /proc/mounts); do
      mount -o remount,bind,ro "$mount" || exit 99
    done; exec "$@"'
  refused "a cgroup that cannot be written" "--limit pids=64: no cgroup" \
    "${inside[@]}" "$read_only" inside "${run[@]}" "${four[@]}" --limit pids=64
  refused "nor its memory" "--limit memory=64Mi: no cgroup" \
    "${inside[@]}" "$read_only" inside "${run[@]}" "${four[@]}" --limit memory=64Mi
  if grep -qa __asan_init "$BRINK"; then
    skip "AddressSanitizer itself needs /proc"
  else
    refused "no /proc" "/proc is not mounted" \
      "${inside[@]}" 'mount -t tmpfs none /proc && exec "$@"' inside "${run[@]}"
  fi

  "${inside[@]}" "$read_only" inside "${run[@]}" >"$here/out" 2>"$here/err"
  is "without a limit on it, it is done without" "$?" 0
  is "as is said of it" "$(sql 'SELECT outcome FROM run')" survived

  # A user sees the processes of others no more, but brink's own are its own.
  mkdir "$here/user" && chown 4711:4711 "$here/user"
  "${inside[@]}" 'mount -t proc -o hidepid=2 proc /proc && exec "$@"' inside \
    "${run_as_user[@]}" "$BRINK" run --db "$here/user/brink.db" --port 10932 --clients 100 --quiet --baseline 1s \
    --steps 1 --plateau 1s --hold 1s --release reset --recovery-timeout 5s \
    >"$here/out" 2>"$here/err"
  is "with hidepid a plain user can run" "$?" 0
  sed 's/^/# /' "$here/err"
  db=$here/user/brink.db
  is "and every process is sampled" \
    "$(sql "SELECT count(DISTINCT role) FROM process_sample
        JOIN process ON process.run_id = process_sample.run_id AND process_id = subject
        WHERE fds > 0 AND rss_bytes > 0")" 7
else
  skip "users, namespaces, mounts: only root can test them"
fi

finish
