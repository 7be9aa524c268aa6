#!/usr/bin/env bash
# The disk of the store at its worst: full, gone, read-only, slow, shared, and cut off. No
# sample is lost without a word, and what is left is a sound database.
#
# In a mount and network namespace of its own, for the small disks and the run of a user
# who is not root.
if [[ -z ${IN_NAMESPACE-} ]]; then
  map=()
  ((EUID == 0)) || map=(--map-root-user)
  IN_NAMESPACE=1 exec unshare --mount --net "${map[@]}" "$BASH" "$0"
fi
source "$srcdir/tests/system/lib.sh"
ip link set lo up
chmod 711 "$here"

newest="run_id = (SELECT max(run_id) FROM run)"
established="SELECT established >= 200 FROM v_progress WHERE $newest ORDER BY t_s DESC LIMIT 1"

# disk SIZE: a fresh disk of that size, with the store on it.
disk() {
  [[ ! -d $here/disk ]] || umount "$here/disk"
  mkdir -p "$here/disk"
  mount -t tmpfs -o "size=$1,mode=711" brink-test "$here/disk"
  db=$here/disk/brink.db
}

# fill [BYTES]: the disk, to the last block or but for so much.
fill() {
  head -c 1G /dev/zero >"$here/disk/fill" 2>/dev/null
  [[ -z ${1-} ]] || truncate -s "-$1" "$here/disk/fill"
}

sound() {
  is "$1: the store is sound" "$(sql 'PRAGMA integrity_check')" ok
}

# The recorder stands still until the supervisor ends the run for it, and the power is cut meanwhile, as far as the
# files show; other things go wrong in that time.
stopped_db=$here/stopped.db
db=$stopped_db
start --clients 400 --rate 400 --hold 12s --summary full
stopped_run=$supervisor
ok "recorder stopped: the run gets under way" wait_for "$established" 1
mv "$here/out" "$here/stopped.out"
mv "$here/err" "$here/stopped.err"
recorder=$(pid_of recorder 0)
kill -STOP "$recorder"
stopped_at=$SECONDS
committed=$(sql 'SELECT count(*) FROM tick')
cp "$stopped_db" "$here/cut.db"
cp "$stopped_db-wal" "$here/cut.db-wal"

disk 32m
run --clients 10
is "no room at the start: exit code" "$code" 4
is "no room at the start: one sentence" "$(wc -l <"$here/err")" 1
ok "no room at the start: says how much" grep -q 'must have 64.0 MiB to spare' "$here/err"
is "no room at the start: nothing is left behind" \
  "$(ls "$here/disk" | grep -c ballast)|$(sql 'SELECT count(*) FROM run')" "0|0"
sound "no room at the start"

disk 80m
start --clients 1000 --rate 500 --hold 60s
ok "full in mid-run: the run gets under way" wait_for "$established" 1
ok "full in mid-run: there is a reserve" test -s "$here/disk/brink.db-ballast.1"
fill
wait "$supervisor"
is "full in mid-run: exit code" "$?" 4
is "full in mid-run: it is the outcome" \
  "$(sql "SELECT outcome, text LIKE 'the disk of the database is full%' FROM run
      JOIN finding USING (run_id) WHERE kind = 'verdict'")" "interrupted|1"
is "full in mid-run: everything is let go, and the recovery measured" \
  "$(sql "SELECT count(*) FROM phase WHERE name = 'recovery' AND to_us IS NOT NULL")" 1
is "full in mid-run: no tick is lost" "$(sql 'SELECT missed_ticks, gaps FROM v_run_health')" \
  "0|0"
ok "full in mid-run: the reserve is used up" test ! -e "$here/disk/brink.db-ballast.1"
sound "full in mid-run"

# Its reserve taken away first, and the disk full to the end.
disk 80m
start --clients 400 --rate 400 --hold 60s
ok "full without a reserve: the run gets under way" wait_for "$established" 1
rm "$db-ballast.1"
fill
wait "$supervisor"
is "full without a reserve: exit code" "$?" 4
ok "full without a reserve: the run ends for it" \
  grep -q 'is full, and its reserve was gone: the run ends' "$here/err"
ok "full without a reserve: what is stored is said" \
  grep -Eq 'run 1 is stored up to [0-9.]+ s, and what came after is lost' "$here/err"
rm "$here/disk/fill"
"$BRINK" check --db "$db" >"$here/out"
is "full without a reserve: what is stored is finished later" \
  "$?|$(sql 'SELECT state, (SELECT count(*) > 0 FROM tick) FROM run')" "0|interrupted|1"
sound "full without a reserve"

disk 80m
start --clients 1000 --rate 500
wait "$supervisor"
sql_write "UPDATE run SET state = 'recorded', outcome = NULL; DELETE FROM evidence;
  DELETE FROM finding; DELETE FROM leak; PRAGMA wal_checkpoint(TRUNCATE)"
fallocate -l 64M "$here/disk/brink.db-ballast.1"
fill 100K
"$BRINK" show last --db "$db" >"$here/out" 2>"$here/err"
is "full at the analysis: it is made all the same" \
  "$?|$(sql "SELECT state, (SELECT count(*) > 0 FROM leak) FROM run")" "0|done|1"
ok "full at the analysis: in the room of the reserve" \
  test ! -e "$here/disk/brink.db-ballast.1"
sound "full at the analysis"

fill $(($(stat -c %s "$db") * 3 / 2))
"$BRINK" prune --keep 0 --db "$db" >"$here/out" 2>"$here/err"
is "full at prune: the run is deleted" "$?|$(sql 'SELECT count(*) FROM run')" "0|0"
ok "full at prune: its room is kept, and it is said" grep -q 'of free disk' "$here/err"
sound "full at prune"

((SECONDS - stopped_at >= 10)) || read -rt $((10 - SECONDS + stopped_at)) <> <(:)
kill -CONT "$recorder" 2>/dev/null # by now the supervisor did

# What is renamed is still written; where it is, the run is finished.
mkdir -m 700 "$here/before"
for what in file folder; do
  db=$here/before/$what.db
  start --clients 400 --rate 400 --hold 2s
  ok "renamed $what: the run gets under way" wait_for "$established" 1
  if [[ $what == file ]]; then
    mv "$db" "$here/before/after.db"
    db=$here/before/after.db
  else
    mv "$here/before" "$here/after"
    db=$here/after/folder.db
  fi
  wait "$supervisor"
  is "renamed $what: exit code" "$?" 0
  ok "renamed $what: it is said where it is" grep -q "is stored on in $db" "$here/err"
  is "renamed $what: it is finished there, and all of it" \
    "$(sql "$verdict")$(sql 'SELECT missed_ticks, established FROM v_run_health
        JOIN v_funnel USING (run_id)')" "survived||0|400"
  ok "renamed $what: with its report" test -s "${db%.db}-run-1.html"
  is "renamed $what: no reserve is left" "$(ls "${db%/*}" | grep -c ballast)" 0
  sound "renamed $what"
done

# Meanwhile that run goes on to its end.
db=$here/gone.db
start --clients 400 --rate 400
ok "deleted: the run gets under way" wait_for "$established" 1
pids=$(sql 'SELECT pid FROM process')
rm "$db" "$db-wal" "$db-shm"
wait "$supervisor"
is "deleted: exit code" "$?" 1
ok "deleted: it is said" grep -q 'was deleted or replaced: this run is lost' "$here/err"
ok "deleted: no process is left" none_left $pids
ok "deleted: no reserve is left" test ! -e "$db-ballast.1"

mkdir -m 700 "$here/nobody"
chown 65534 "$here/nobody"
db=$here/nobody/brink.db
setpriv --reuid 65534 --regid 65534 --clear-groups "$BRINK" run --db "$db" \
  "${short[@]:1}" --clients 400 --rate 400 >"$here/out" 2>"$here/err" &
supervisor=$!
ok "read-only: the run gets under way" wait_for "$established" 1
chmod 400 "$db"
wait "$supervisor"
is "read-only: exit code" "$?" 1
ok "read-only: it is said" grep -q 'is read-only' "$here/err"
is "read-only: every sample is stored" \
  "$(sql "SELECT state, missed_ticks, established FROM run JOIN v_run_health USING (run_id)
      JOIN v_funnel USING (run_id)")" "recorded|0|400"
chmod 600 "$db"
"$BRINK" show last --db "$db" >"$here/out"
is "read-only: once it is not, the analysis is made" "$(sql "$verdict")" "survived||"
sound "read-only"

db=$stopped_db
wait "$stopped_run"
is "recorder stopped: the run ends for it" "$?|$(sql "$verdict")" "3|inconclusive||"
ok "recorder stopped: and says so" grep -q 'recorder was stopped (state T) for' \
  "$here/stopped.out"
is "recorder stopped: no tick is missing, and no count" \
  "$(sql 'SELECT missed_ticks, gaps, established, served FROM v_run_health
      JOIN v_funnel USING (run_id)')" "0|0|400|400"

db=$here/cut.db
"$BRINK" check --db "$db" >"$here/out"
is "power cut: the store is sound" "$?" 0
is "power cut: what was committed is there" \
  "$(sql "SELECT count(*) = $committed FROM tick")" 1
ok "power cut: the run is finished" grep -q 'its supervisor died: ended at its' "$here/out"
is "power cut: with the analysis that it can have" \
  "$(sql 'SELECT state, outcome, (SELECT count(*) > 0 FROM finding) FROM run')" \
  "interrupted|interrupted|1"

# Seen from here its supervisor has another pid, seen from there all others have.
db=$here/elsewhere.db
unshare --pid --fork --mount-proc "$BRINK" run --db "$db" "${short[@]:1}" --clients 300 \
  --rate 300 --hold 4s >"$here/out" 2>"$here/err" &
supervisor=$!
ok "another pid namespace: the run gets under way" wait_for "$established" 1
"$BRINK" check --db "$db" >"$here/check"
"$BRINK" list --db "$db" >>"$here/check"
"$BRINK" prune --keep 0 --db "$db" >>"$here/check" 2>&1
ok "another pid namespace: the run goes on for check" grep -q '1, of which 1 are running' \
  "$here/check"
is "another pid namespace: nobody ended or deleted it" "$(sql 'SELECT state FROM run')" running
ok "another pid namespace: its reserve is there" test -s "$db-ballast.1"
wait "$supervisor"
is "another pid namespace: it ends well" "$?|$(sql "$verdict")" "0|survived||"
unshare --pid --fork --kill-child --mount-proc "$BRINK" run --db "$db" "${short[@]:1}" \
  --clients 300 --rate 300 --hold 60s >"$here/out" 2>"$here/err" &
supervisor=$!
ok "another pid namespace, killed: there is a run" wait_for 'SELECT count(*) FROM run' 2
ok "another pid namespace, killed: it gets under way" wait_for "$established" 1
kill -KILL "$supervisor"
wait "$supervisor" 2>/dev/null
# Its recorder may have had the time to do it.
until=$((SECONDS + 30))
until "$BRINK" check --db "$db" >"$here/check"
  [[ $(sql 'SELECT state FROM run ORDER BY run_id DESC LIMIT 1') == interrupted ]]; do
  ((SECONDS < until)) || break
  read -rt 0.1 <> <(:)
done
is "another pid namespace, killed: it is ended from here" \
  "$(sql 'SELECT state FROM run ORDER BY run_id DESC LIMIT 1')" interrupted

db=$here/both.db
start --clients 300 --rate 300
first=$supervisor
start --clients 300 --rate 300
wait "$first"
is "two runs at once: the first ends well" "$?" 0
wait "$supervisor"
is "two runs at once: so does the second" "$?" 0
is "two runs at once: each has its own, and all of it" \
  "$(sql 'SELECT run_id, missed_ticks, established, served, outcome FROM v_run
      JOIN v_run_health USING (run_id) JOIN v_funnel USING (run_id)' | tr '\n' ' ')" \
  "1|0|300|300|survived 2|0|300|300|survived "
sound "two runs at once"

umount "$here/disk"
finish
