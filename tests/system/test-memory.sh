#!/usr/bin/env bash
# Memory runs out around brink: the kernel takes the workers, and the run is stored.
source "$srcdir/tests/system/lib.sh"

controller=/sys/fs/cgroup/memory
[[ -d $controller ]] || controller=/sys/fs/cgroup
cgroup=$controller/brink-test-$$
limit=memory.limit_in_bytes usage=memory.usage_in_bytes
[[ -e $controller/$limit ]] || limit=memory.max usage=memory.current

if ! mkdir "$cgroup" 2>/dev/null || [[ ! -e $cgroup/$usage ]]; then
  rmdir "$cgroup" 2>/dev/null
  echo "1..0 # SKIP no memory cgroup may be made here"
  exit 0
fi

# The cgroup goes once the kernel has let go of what was in it.
remove_cgroup() {
  local until=$((SECONDS + 10))

  until rmdir "$cgroup" 2>/dev/null; do
    ((SECONDS < until)) || { echo "# $cgroup is still there"; return 1; }
    read -rt 0.1 <> <(:)
  done
}
trap 'remove_cgroup; rm -rf "$here"' EXIT

sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$cgroup" \
  "$BRINK" run --db "$db" "${short[@]}" --clients 10000 --rate 5000 --no-guard --hold 3s \
  >"$here/out" 2>"$here/err" &
supervisor=$!
newest="run_id = (SELECT max(run_id) FROM run)"
ok "the baseline is there" wait_for 'SELECT count(*) > 5 FROM tick' 1
# 24 MiB more than now is a third of what the connections take.
echo $(($(<"$cgroup/$usage") + (24 << 20))) >"$cgroup/$limit"
wait "$supervisor"
code=$?
sed 's/^/# /' "$here/err"

ok "brink itself ends in order" test "$code" -lt 128
is "workers were killed for want of memory" \
  "$(sql "SELECT count(*) > 0 FROM process WHERE $newest AND end IN ('signal', 'oom')
      AND role IN ('acceptor', 'handler', 'forker', 'client')")" 1
is "and nobody else" \
  "$(sql "SELECT group_concat(role) FROM process WHERE $newest AND end IN ('signal', 'oom')
      AND role IN ('supervisor', 'recorder', 'sampler')")" ""
is "no tick is lost" "$(sql "SELECT missed_ticks FROM v_run_health WHERE $newest")" 0
is "the run is stored to its end" "$(sql "SELECT state FROM run WHERE $newest")" done
is "the store is whole" "$(sql 'PRAGMA integrity_check')" ok
ok "no process is left" none_left $(sql "SELECT pid FROM process WHERE $newest")

finish
