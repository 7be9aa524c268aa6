#!/usr/bin/env bash
# The store as people keep it: asked, exported, pruned, checked.
source "$srcdir/tests/system/lib.sh"

brink() {
  "$BRINK" "$@" --db "$db"
}

run --limit nofile.acceptor=256 --acceptors 1 --clients 400 --rate 400 --plateau 3s \
  --label nightly --expect 'held >= 100'
is "a run to ask about" "$(sql "$verdict")" "broke|acceptor-nofile|acceptor 0"

is "a saved query answers" "$(brink query limits --csv | tail -n 1 | cut -d, -f1-4)" \
  "acceptor-nofile,server,1,1"
brink query limits --json -o "$here/limits.json"
is "as JSON, into a file" \
  "$(sqlite3 :memory: "SELECT json_extract(CAST(readfile('$here/limits.json') AS TEXT),
      '\$[0].limit_id')")" acceptor-nofile
ok "as Markdown" test "$(brink query limits --markdown | grep -c '^|.*|$')" -eq 3
is "SQL that reads answers" "$(brink query 'SELECT label FROM run' --csv | tail -n 1)" nightly
brink query 'DELETE FROM run' >"$here/out" 2>&1
is "SQL that writes is refused" "$?" 2
brink query 'SELECT * FROM v_sample' --max-rows 5 --csv >"$here/out" 2>"$here/err"
is "rows that are left out are an exit code" "$?" 4
is "and there are not more" "$(wc -l <"$here/out")" 6
ok "and it is said" grep -q 'first 5 rows' "$here/err"

cp "$db" "$here/kept.db"
ln -s kept.db "$here/link.db"
for command in "report last" "show last" "query limits" "compare 1 1" "export 1 --format csv"; do
  for name in kept.db link.db; do
    # shellcheck disable=SC2086  # they are words
    "$BRINK" $command --db "$here/kept.db" -o "$here/$name" >"$here/out" 2>"$here/err"
    is "$command does not replace $name" "$?|$(cmp "$db" "$here/kept.db" 2>&1)" "1|"
    ok "and says so" grep -q 'is a database: give another file' "$here/err"
  done
done

brink tag last ticket=4711 kept
is "tags are put" "$(brink query tagged --tag ticket --csv | tail -n 1 | cut -d, -f1-3)" \
  "ticket,4711,1"
brink tag last ticket
is "a tag without a value keeps the one that it has" \
  "$(brink query tagged --tag ticket --csv | tail -n 1 | cut -d, -f1-3)" "ticket,4711,1"
is "SQL is asked about a run" \
  "$(brink query 'SELECT run_id FROM v_run WHERE run_id = :run' --run last --csv | tail -n 1)" 1
brink query 'SELECT :run' >"$here/out" 2>"$here/err"
is "which is to be named" "$?|$(grep -c 'give --run RUN' "$here/err")" "2|1"
is "the list fits a terminal" "$(brink list | awk 'length > 80' | wc -l)" 0
is "no run is old and not among the newest" \
  "$(brink prune --keep 100 --older-than 0 --dry-run 2>/dev/null | wc -l)" 1

start --clients 300 --rate 300 --steps 1 --cycles 2
brink watch --status 1s >"$here/watch" 2>"$here/err"
is "a run is watched to its end" "$?" 0
wait "$supervisor"
ok "its connections are seen to grow" test "$(grep -c ' ramp ' "$here/watch")" -ge 1
ok "what happened is a line of its own" grep -q 'every connection is let go' "$here/watch"
ok "and so is how it ended" grep -q '^run 2 survived: 300 of 300' "$here/watch"

# As a run leaves it that found no port: tests/truth/neighbours.sh has real ones.
sql_write "INSERT INTO port_use VALUES (1, 0, 5000000, '127.0.0.1', 40000, 40059, 59, 0, 0, 1,
  0, 0, 0, 0, 1)"
# And as a sweep has it: tests/system/test-sweep.sh makes real ones.
sql_write "INSERT INTO sweep VALUES (1, 1000000, NULL, 1, 1, 7, 'brink sweep', '[]', '{}', '0');
  INSERT INTO sweep_value VALUES (1, 0, 0, 0, 'acceptors', '2');
  INSERT INTO sweep_point VALUES (1, 0, 0, 0, 1, 0)"
brink export 1 2 -o "$here/export.db"
is "runs are exported" "$?" 0
ok "as one file" test ! -e "$here/export.db-wal"
for view in $(sqlite3 "$here/export.db" "SELECT name FROM sqlite_schema WHERE type = 'view'"); do
  ok "plain sqlite3 reads $view" \
    sqlite3 -readonly "$here/export.db" "SELECT count(*) FROM $view"
done
is "the views are there" \
  "$(sqlite3 "$here/export.db" "SELECT count(*) >= 13 FROM sqlite_schema WHERE type = 'view'")" 1
is "and say the same" \
  "$(sqlite3 "$here/export.db" 'SELECT * FROM v_progress' | sha256sum)" \
  "$(sql 'SELECT * FROM v_progress' | sha256sum)"

# What docs/sql.md asks of each view is answered, in the columns that it shows.
awk -v "out=$here/doc" '
  /^## / { view = $2 }
  /^```/ { kind = kind == "" ? ($0 == "```sql" ? "sql" : "answer") : ""; next }
  kind != "" && view != "" { print > (out "." view "." kind) }' "$srcdir/docs/sql.md"
for view in $(sqlite3 "$here/export.db" "SELECT name FROM sqlite_schema WHERE type = 'view'"); do
  "$BRINK" query "$(<"$here/doc.$view.sql")" --db "$here/export.db" >"$here/answer"
  is "docs/sql.md asks $view, and is answered" \
    "$?|$(grep -c "FROM $view\\b" "$here/doc.$view.sql")|$(($(wc -l <"$here/answer") > 1))" \
    "0|1|1"
  is "docs/sql.md shows the columns of its answer from $view" \
    "$(head -n 1 "$here/answer" | xargs)" "$(head -n 1 "$here/doc.$view.answer" | xargs)"
done

brink export 1 --format openmetrics -o "$here/brink.prom"
ok "metrics are OpenMetrics by the reference parser" \
  test "$(/usr/bin/python3 "$srcdir/tests/system/openmetrics.py" <"$here/brink.prom")" -gt 10
is "every reading is exported as CSV" "$(brink export 1 --format csv | wc -l)" \
  "$(sql 'SELECT count(*) + 1 FROM v_sample WHERE run_id = 1')"

last='SELECT * FROM worker_sample WHERE run_id = (SELECT max(run_id) FROM run)'
readings=$(sql "$last" | sha256sum)
brink pack last >"$here/out"
is "a packed run has no samples in their tables" "$(sql "$last" | wc -l)" 0
brink export last -o "$here/packed.db"
is "and is exported with them" "$(sqlite3 "$here/packed.db" "$last" | sha256sum)" "$readings"
brink unpack last >"$here/out"
is "it is brought back as it was" "$(sql "$last" | sha256sum)" "$readings"

is "a run is pruned" "$(brink prune --keep 1 2>/dev/null | wc -l)" 2
is "and gone" "$(sql 'SELECT group_concat(run_id) FROM run')" 2
brink check >"$here/out"
is "the store is sound" "$?" 0

# columns FILE: what every table has.
columns() {
  sqlite3 -readonly "$1" "SELECT t.name, c.* FROM sqlite_schema AS t,
    pragma_table_info(t.name) AS c WHERE t.type = 'table' ORDER BY t.name, c.cid"
}

# A copy of each schema there was: brought here, and as good as a new one.
for dump in "$srcdir"/tests/system/schema-*.sql; do
  version=${dump##*-}
  version=${version%.sql}
  old=$here/old-$version.db
  sqlite3 "$old" <"$dump" >/dev/null
  runs=$(sqlite3 "$old" 'SELECT count(*) FROM run')
  "$BRINK" query outcomes --db "$old" >"$here/out" 2>"$here/err"
  is "schema $version: not read as it is" "$?" 1
  ok "schema $version: and how to bring it here is said" grep -q 'brink check' "$here/err"
  "$BRINK" check --db "$old" >"$here/out" 2>"$here/err"
  is "schema $version: brought here" "$?|$(sqlite3 "$old" 'SELECT count(*) FROM run')" "0|$runs"
  is "schema $version: with the tables of a new store" "$(columns "$old")" "$(columns "$db")"
  is "schema $version: a backup holds what was there" \
    "$(sqlite3 "$old.schema-$version.bak" 'PRAGMA user_version' 'SELECT count(*) FROM run')" \
    "$version"$'\n'"$runs"
  is "schema $version: a failure belongs to the cycle of its first" \
    "$(sqlite3 "$old" 'SELECT count(*) FROM failure AS f JOIN phase AS p USING (run_id, cycle)
        WHERE first_us BETWEEN p.from_us AND p.to_us')" \
    "$(sqlite3 "$old" 'SELECT count(*) FROM failure')"
  is "schema $version: role and slot are what the names of workers and processes say" \
    "$(sqlite3 "$old" "SELECT kind, name, role, slot FROM (
          SELECT kind, name, role, slot FROM subject WHERE kind IN ('process', 'worker')
          UNION ALL SELECT 'failure', worker, role, slot FROM failure
          UNION ALL SELECT 'total', worker, role, slot FROM worker_total)
        WHERE name IS NOT CASE WHEN role IN ('acceptor', 'handler', 'forker', 'client')
          THEN role || ' ' || slot ELSE role END")" ""
  "$BRINK" analyse last --db "$old" >"$here/out"
  is "schema $version: and analysed anew" \
    "$?|$(sqlite3 "$old" 'SELECT sum(attempted) > 0 FROM v_funnel')" "0|1"
  is "schema $version: it is sound" \
    "$(sqlite3 "$old" 'PRAGMA integrity_check' 'PRAGMA foreign_key_check')" ok
done

# A run that nobody holds is over, also for a reader who may not write that down.
sql_write "UPDATE run SET state = 'running', outcome = NULL
  WHERE run_id = (SELECT max(run_id) FROM run)"
chmod 755 "$here"
chmod 644 "$db"
is "a dead run is interrupted for a reader" \
  "$("${run_as_user[@]}" "$BRINK" list --limit 1 --db "$db" --json |
    grep -oE '"state": ?"[a-z]+"')|$(sql 'SELECT state FROM run ORDER BY run_id DESC LIMIT 1')" \
  '"state": "interrupted"|running'

finish
