#!/usr/bin/env bash
# The commands as a person types them: what is refused, what is printed.
source "$srcdir/tests/system/lib.sh"

# refused NAME TEXT ARG…: exit 2, one line on standard error with TEXT in it.
refused() {
  local name=$1 text=$2
  shift 2
  "$BRINK" "$@" >"$here/out" 2>"$here/err"
  is "$name: exit code" "$?" 2
  is "$name: one sentence" "$(wc -l <"$here/err")" 1
  ok "$name: says $text" grep -qF -- "$text" "$here/err"
}

refused "a bad rate" "--rate 2x" run --rate 2x
refused "a port out of range" "70000" run --port 70000
refused "a wrong option" "--clients" run --clinets 5
refused "a limit that needs a namespace" "--isolate" run --limit ports=1000
refused "an unknown limit" "nofile" run --isolate --limit nofiles.acceptor=5
refused "a rate per minute" "a rate is per second" run --rate 60/min
is "help is known as people ask for it" \
  "$("$BRINK" help --help | head -n 1)|$("$BRINK" --help help | head -n 1)" \
  "$("$BRINK" help | head -n 1)|$("$BRINK" help | head -n 1)"
is "and so is the version" "$("$BRINK" -V)|$("$BRINK" version)" \
  "$("$BRINK" --version)|$("$BRINK" --version)"
is "one limit is explained" "$("$BRINK" limits somaxconn --json | grep -c '"id"')" 1
refused "a wrong limit to explain" "did you mean \"somaxconn\"" limits somaxcon
is "a file named - is standard output" \
  "$("$BRINK" query --list -o - | wc -l)|$(cd "$here" && ls ./- 2>/dev/null)" \
  "$("$BRINK" query --list | wc -l)|"
"$BRINK" show 7 --db "$here/none.db" >"$here/out" 2>"$here/err"
ok "a store that is not there is an error" test "$?" -ne 0
ok "and is named" grep -qF "$here/none.db" "$here/err"
ok "nothing is left behind" test ! -e "$here/none.db"

"$BRINK" run --dry-run --db "$db" >"$here/plan"
is "a plan is described" "$?" 0
ok "without starting anything" test ! -e "$db"
"$BRINK" run --dry-run --json >"$here/plan.json"
is "as valid JSON too" \
  "$(sqlite3 :memory: "SELECT json_valid(CAST(readfile('$here/plan.json') AS TEXT))")" 1

"$BRINK" doctor --clients 1000 --limit nofile.acceptor=64 --acceptors 4 >"$here/doctor"
is "the doctor examines the host" "$?" 0
is "and says first how many connections there can be" "$(head -n 1 "$here/doctor")" \
  'This host: about 232 connections with this plan, short of the target of 1,000'
ok "by what they are limited" grep -qF \
  'limited by  open files of the acceptors (acceptor-nofile): 4 x (64 - 6)' "$here/doctor"
ok "how it is raised" grep -qF \
  'raise it    brink run --limit nofile.acceptor=256 (in that run)' "$here/doctor"
ok "what is met next" grep -q '^  then        ' "$here/doctor"
is "what is far from the target is left out" "$(grep -c 'TIME_WAIT' "$here/doctor")" 0
"$BRINK" doctor --all --clients 1000 --limit nofile.acceptor=64 >"$here/doctor"
is "but for --all" "$(grep -c 'TIME_WAIT' "$here/doctor")" 1
"$BRINK" doctor --json --clients 1000 --limit nofile.acceptor=64 --acceptors 4 \
  --port 10013 >"$here/doctor.json"
is "and in JSON: every limit, the first to be met on top" \
  "$(sqlite3 :memory: "SELECT json_extract(t, '$.first'),
      json_extract(t, '$.limits[0].connections_low'),
      json_array_length(t, '$.limits') >= 20
      FROM (SELECT CAST(readfile('$here/doctor.json') AS TEXT) AS t)")" \
  "acceptor-nofile|232|1"
"$BRINK" doctor --clients 3M --per-client 1 >"$here/doctor"
ok "what a run would refuse is told" grep -q '^as it is the run would not begin: .*processes' \
  "$here/doctor"
refused "the doctor knows the options of a run" "--clients" doctor --clinets 5

for plan in "$srcdir"/examples/*.ini; do
  "$BRINK" run --config "$plan" --dry-run >"$here/plan" 2>"$here/err" || sed 's/^/# /' "$here/err"
  ok "an example is a plan: ${plan##*/}" grep -q '^processes' "$here/plan"
done
refused "a wrong figure" "did you mean held?" run --expect 'heled >= 5'
refused "a bad unit" "such as 99%" run --expect 'recovered.fds >= 99'
refused "a figure of the end" "not known before the end" run --abort-on 'recovered.fds > 1%'
printf 'clients = 5\nrat = 3\n' >"$here/wrong.ini"
refused "a wrong file" "$here/wrong.ini:2: rat: no such option; did you mean rate?" \
  run --config "$here/wrong.ini" --dry-run

mkfifo "$here/pipe"
refused "a dry run with more memory for the guard than there is" "--guard-memory" \
  run --dry-run --guard-memory 1000Gi
refused "a dry run with a database that is none" "$here/plan" run --dry-run --db "$here/plan"
refused "a dry run with a database that cannot be made" "$here/plan/none.db cannot be made" \
  run --dry-run --db "$here/plan/none.db"
refused "a report to a named pipe" "named pipe" run --report "$here/pipe" --db "$db"
refused "a report to no folder" "No such file" run --report "$here/none/x.html" --db "$db"
refused "a plan with such a report too" "named pipe" run --dry-run --report "$here/pipe"
(ulimit -s 64 && exec "$BRINK" run --db "$db") >"$here/out" 2>"$here/err"
is "a stack that is too small: exit code" "$?" 2
is "a stack that is too small: one sentence" \
  "$(grep -c RLIMIT_STACK "$here/err")|$(wc -l <"$here/err")" "1|1"
ok "none of them leaves a database" test ! -e "$db"

# What a caller can have set. Each of these runs ends by itself, well or with what it lacks.
tiny=(--isolate --quiet --baseline 1s --plateau 0 --hold 0 --steps 1 --clients 10
  --release reset --recovery-timeout 2s)

# under OPTION VALUE NAME: a tiny run under a limit of the shell; $code, $here/err.
under() {
  (ulimit "$1" "$2" && exec timeout 60 "$BRINK" run --db "$here/$3.db" "${tiny[@]}") \
    >"$here/out" 2>"$here/err"
  code=$?
}

under -Ss 64 stack
is "a soft limit of the stack is raised" "$code" 0
under -f 1024 file-size
is "files of 1 MiB: exit code" "$code" 4
is "files of 1 MiB: one sentence" "$(wc -l <"$here/err")" 1
ok "files of 1 MiB: says so" grep -q 'RLIMIT_FSIZE' "$here/err"
is "files of 1 MiB: no run is left" \
  "$(sqlite3 "$here/file-size.db" 'SELECT count(*) FROM run')" 0
under -l 0 locked
is "no locked memory is needed" "$code" 0
under -c 0 core
is "nor a core file" "$code" 0
under -n 16 descriptors
is "16 open files: exit code" "$code" 2
is "16 open files: one sentence" "$(wc -l <"$here/err")" 1
if grep -qa __asan_init "$BRINK"; then
  skip "20 MB of address space: a sanitized program needs terabytes"
else
  under -v 20000 address-space
  ok "20 MB of address space: an error" test "$code" -eq 1 -o "$code" -eq 2
  is "20 MB of address space: one sentence" "$(wc -l <"$here/err")" 1
fi
(umask 777 && exec timeout 60 "$BRINK" run --db "$here/mask/mask.db" "${tiny[@]}") \
  >"$here/out" 2>"$here/err"
is "no mode is masked away" "$?" 0
is "of folder, database and report" \
  "$(stat -c %a "$here/mask" "$here/mask/"* | sort -u | tr '\n' ' ')" "600 700 "
mkdir -p "$here/x"
timeout 60 "$BRINK" run --db "//${here#/}//x//y.db" "${tiny[@]}" >"$here/out" 2>&1
is "slashes in the path do not matter" "$?" 0
(cd "$here" && timeout 60 "$BRINK" run --db ".//x/../x/./z.db" "${tiny[@]}") >"$here/out" 2>&1
is "nor dots" "$?" 0
ok "both are where they should be" test -s "$here/x/y.db" -a -s "$here/x/z.db"
timeout 60 "$BRINK" run --db "$here/pipe.db" "${tiny[@]/--quiet/--status=100ms}" 2>&1 \
  >"$here/out" | head -n 1 >"$here/err"
is "whoever stops reading messages ends no run" \
  "${PIPESTATUS[0]}|$(sqlite3 "$here/pipe.db" 'SELECT outcome FROM run')" "0|survived"
timeout 60 "$BRINK" run --db "$here/closed.db" "${tiny[@]}" <&- >&- 2>&-
is "nor who closes all of 0 to 2" \
  "$(sqlite3 "$here/closed.db" 'PRAGMA integrity_check; SELECT outcome FROM run' |
    tr '\n' ' ')" "ok survived "
timeout 60 "$BRINK" run --db "$here/full.db" "${tiny[@]}" >/dev/full 2>"$here/err"
is "a full standard output: exit code" "$?" 1
ok "a full standard output: said" grep -q 'standard output: No space left' "$here/err"
is "a full standard output: the run is stored, and its report" \
  "$(sqlite3 "$here/full.db" 'SELECT state FROM run')|$(ls "$here" | grep -c 'full-run.*html')" \
  "done|1"

run --clients 100 --rate 1000 --label 'night <1>'
is "the run exits 0" "$code" 0
ok "the verdict is printed" grep -q '^SURVIVED' "$here/out"
ok "the history lists it" sh -c '"$0" list --db "$1" | grep -q "night <1>"' "$BRINK" "$db"
ok "it is shown by its label" "$BRINK" show 'night <1>' --db "$db" -o "$here/show"
"$BRINK" show last --db "$db" --json >"$here/show.json"
is "and in JSON" \
  "$(sqlite3 :memory: "SELECT json_valid(t), t LIKE '%\"survived\"%'
      FROM (SELECT CAST(readfile('$here/show.json') AS TEXT) AS t)")" "1|1"

run --clients 100 --rate 1000 --expect 'held >= 100' --expect 'fds_per_connection <= 1.01'
is "what was expected came so" "$code" 0
ok "and is shown" grep -Eq '^ +pass +held >= 100 +100 ' "$here/out"
run --clients 100 --rate 1000 --expect 'held >= 100' --expect 'held >= 200'
is "what was expected did not come so" "$code" 99
ok "and is shown too" grep -Eq '^ +FAIL +held >= 200 +100 ' "$here/out"
is "and stored" "$(sql 'SELECT group_concat(passed) FROM v_expectation WHERE run_id = 3')" 1,0

run --clients 2000 --rate 1000 --abort-on 'held >= 200'
is "a run can be told when to let go" "$code" 0
is "which is its outcome" "$(sql 'SELECT outcome FROM run WHERE run_id = 4')" aborted
ok "before all are held" test "$(sql 'SELECT held_peak FROM run WHERE run_id = 4')" -lt 1500
is "and it comes back in order" \
  "$(sql "SELECT count(*) FROM phase WHERE run_id = 4 AND name = 'recovery'")" 1

"$BRINK" show 1 --db "$db" >"$here/short"
"$BRINK" show 1 --db "$db" --full >"$here/full"
ok "one screen answers" test "$(wc -l <"$here/short")" -le 40
ok "of 80 columns" test "$(LC_ALL=C.UTF-8 wc -L <"$here/short")" -le 80
ok "with the verdict, what a connection costs, growth and recovery" \
  test "$(grep -cE '^(SURVIVED|  (funnel|cost|growth|recovery) )' "$here/short")" -eq 5
ok "and no table of resources" test "$(grep -c '^Resource breakdown' "$here/short")" -eq 0
ok "which --full has" grep -q '^Resource breakdown' "$here/full"
"$BRINK" run --db "$here/silent.db" "${tiny[@]}" --summary none >"$here/out" 2>"$here/err"
is "a run may end without a word" "$?|$(wc -c <"$here/out")" "0|0"
"$BRINK" run --db "$here/silent.db" "${tiny[@]}" --summary full >"$here/out" 2>"$here/err"
ok "or with every table" grep -q '^Resource breakdown' "$here/out"

run --clients 100 --rate 1000 --baseline-label 'night <1>'
ok "a run is compared with its baseline" grep -q '^run [0-9]* (after) against run 1 (before)' \
  "$here/out"
"$BRINK" compare 1 last --db "$db" >"$here/out"
is "runs are compared" "$?" 0
"$BRINK" compare 1 1 --db "$db" --fail-on worse >"$here/out"
is "a run is no worse than itself" "$?" 0
ok "and unsure of nothing" sh -c '! grep -q "^Unsure" "$0"' "$here/out"
sql_write "UPDATE worker_total SET failed = failed + 5000 WHERE run_id = 2 AND role = 'forker'"
"$BRINK" compare 1 2 --db "$db" --fail-on worse >"$here/out"
is "a pipeline can stop at what is worse" "$?|$(grep -c '^ *worse *failed ' "$here/out")" "99|1"
sql_write "UPDATE worker_total SET failed = failed - 5000 WHERE run_id = 2 AND role = 'forker'"
"$BRINK" figures 1 --db "$db" >"$here/out"
ok "the figures of a run are listed" grep -q '^accepted *[0-9,]* ' "$here/out"
is "in JSON too, as many as there are" "$("$BRINK" figures last --json --db "$db" |
  grep -c '"name"')" "$("$BRINK" figures --json | grep -c '"name"')"
"$BRINK" compare 1 2 last --db "$db" --json >"$here/compare.json"
is "in JSON too" "$(sqlite3 :memory: "SELECT json_array_length(CAST(readfile(
  '$here/compare.json') AS TEXT))")" 2
# version_at PATH FILE: the schema_version there.
version_at() {
  sqlite3 :memory: "SELECT json_extract(CAST(readfile('$2') AS TEXT), '$1.schema_version')"
}
for command in show 'figures last'; do
  read -ra words <<<"$command"
  "$BRINK" "${words[@]}" --json --db "$db" >"$here/document.json" 2>"$here/err"
  is "a document says of which version it is: $command" \
    "$(version_at '$' "$here/document.json")" 1
done
for command in list 'list --trend' figures 'compare 1 2' 'query --list' resources limits \
  'limits somaxconn'; do
  read -ra words <<<"$command"
  "$BRINK" "${words[@]}" --json --db "$db" >"$here/document.json" 2>"$here/err" ||
    "$BRINK" "${words[@]}" --json >"$here/document.json" 2>"$here/err"
  is "each item of a list says it: $command" "$(version_at '$[0]' "$here/document.json")" 1
done
"$BRINK" watch 1 --json --db "$db" >"$here/watched"
is "and each that is watched" "$(grep -c '^{$' "$here/watched")" \
  "$(grep -c '^  "schema_version": 1,$' "$here/watched")"
for document in plan doctor show; do
  is "as does $document.json" "$(version_at '$' "$here/$document.json")" 1
done
ok "the plan is told before the figures" test \
  "$("$BRINK" compare 1 4 --db "$db" --markdown | grep -n '^| plan' | head -n 1 | cut -d: -f1)" \
  -lt "$("$BRINK" compare 1 4 --db "$db" --markdown | grep -n '| held |' | cut -d: -f1)"
"$BRINK" compare 1 99 --db "$db" >"$here/out" 2>"$here/err"
is "a run that is not there is an error" "$?" 1
ok "and nothing is written" test ! -s "$here/out"
ok "trends are listed" sh -c '"$0" list --trend --db "$1" | grep -q "of one plan"' "$BRINK" "$db"

# As /dev/stdout is one, which nobody should try with the real one.
ln -s /proc/self/fd/1 "$here/standard"
{
  echo before
  "$BRINK" query 'SELECT 1' --csv --db "$db" -o "$here/standard"
  echo after
} >"$here/out"
is "another name of standard output is written in turn" "$(tr '\n' ' ' <"$here/out")" \
  "before 1 1 after "
ok "and stays what it is" test -L "$here/standard"

"$BRINK" show last --db "$db" --json >"$here/before"
"$BRINK" pack --db "$db" last >"$here/packed"
is "a run is packed" "$(cat "$here/packed")" "run 5 is packed"
is "its samples are out of their tables" "$(sql 'SELECT count(*) FROM worker_sample WHERE run_id = 5')" 0
"$BRINK" show last --db "$db" --json >"$here/after"
ok "and it is shown as before" cmp "$here/before" "$here/after"
"$BRINK" unpack --db "$db" last >"$here/packed"
ok "it is brought back" test "$(sql 'SELECT count(*) > 0 FROM worker_sample WHERE run_id = 5')" = 1
refused "nothing to pack" "RUN" pack --db "$db"

finish
