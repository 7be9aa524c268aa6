#!/usr/bin/env bash
# Holds what SECURITY.md promises. BRINK_HARDENING is yes where configure hardened the build.
source "$srcdir/tests/system/lib.sh"

# skip NAME REASON: a case that cannot be tried here, and says so.
skip() {
  cases=$((cases + 1))
  echo "ok $cases - $1 # SKIP $2"
}

# Never set-user-ID.
ok "the program has no set-user-ID bit" test ! -u "$BRINK" -a ! -g "$BRINK"
if ((EUID == 0)); then
  install -m 4755 -o nobody "$BRINK" "$here/brink"
  chmod 755 "$here"
  "$here/brink" --version >"$here/out" 2>"$here/err"
  is "with another user than the caller it refuses" "$?" 2
  ok "in one sentence" grep -q 'set-user-ID' "$here/err"
  is "and says nothing else" "$(wc -c <"$here/out")" 0
else
  skip "with another user than the caller it refuses" "only root can set that up"
fi

# Nothing is executed but the command of a target.
nm -D --undefined-only "$BRINK" | awk '{ sub(/@.*/, "", $2); print $2 }' >"$here/symbols"
ok "the symbols are listed" grep -qx fork "$here/symbols"
is "of the functions that execute a program one is linked" \
  "$(grep -xE 'system|popen|exec[a-z]*|fexecve|posix_spawnp?' "$here/symbols")" "execvp"
is "it is called in one place" "$(grep -rlE '\b(exec[lv]p?e?|fexecve)\(' "$srcdir/src")" \
  "$srcdir/src/run/target.c"

# Files are private.
mkdir "$here/open"
chmod 1777 "$here/open"
db=$here/open/new/brink.db
(
  umask 000
  "$BRINK" run --isolate --db "$db" --quiet --baseline 1s --plateau 0 --hold 0 --steps 1 \
    --clients 10 --release reset --recovery-timeout 2s --label $'\e[31mred\a\e]0;x' \
    >"$here/out" 2>&1
)
is "the run ends well" "$?" 0
is "the database is private" "$(stat -c %a "$db")" 600
is "its folder too" "$(stat -c %a "${db%/*}")" 700
ok "there is a report beside it" test -n "$(find "${db%/*}" -name '*.html')"
is "nothing beside it is less so" "$(find "${db%/*}" -type f -perm /077)" ""

# No escapes.
"$BRINK" tag --db "$db" 1 $'note=\e[2J\x9b1m' >>"$here/out" 2>&1
for command in "list" "list --trend" "show last" "tag 1" "query runs" "compare 1 last" \
  "query 'SELECT label FROM run'"; do
  eval "\"$BRINK\" $command --db \"$db\"" >>"$here/out" 2>>"$here/out"
done
"$BRINK" run --clients $'\e[31m5' >>"$here/out" 2>&1
"$BRINK" show $'\e[31m' --db "$db" >>"$here/out" 2>&1
"$BRINK" $'\e[31m' >>"$here/out" 2>&1
for line in $'label = \e[31m' $'\e[31m = 5'; do
  echo "$line" >"$here/config"
  "$BRINK" run --config "$here/config" --dry-run >>"$here/out" 2>&1
done
is "no control character reaches the terminal" \
  "$(LC_ALL=C grep -c $'[\x01-\x08\x0b-\x1f\x7f]' "$here/out")" 0
ok "but what it was can be seen" grep -q 'red' "$here/out"

# Readers are confined. The query takes until it is killed.
forever='WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
  SELECT count(*) FROM n'
if grep -q '^Seccomp:' /proc/self/status && [[ $(uname -m) =~ ^(x86_64|aarch64)$ ]]; then
  "$BRINK" query --db "$db" --max-time 60s "$forever" >"$here/out" 2>&1 &
  reader=$!
  until=$((SECONDS + 20))
  until grep -q '^Seccomp:.2' "/proc/$reader/status" || ((SECONDS >= until)); do
    read -rt 0.05 <> <(:)
  done
  ok "a reader gains no privileges" grep -q '^NoNewPrivs:.1' "/proc/$reader/status"
  ok "and makes no call that leads out" grep -q '^Seccomp:.2' "/proc/$reader/status"
  kill "$reader"
  wait "$reader" 2>/dev/null
else
  skip "a reader makes no call that leads out" "there are no filters of system calls here"
fi

# reads COMMAND ARG…: by a relative path and a symbolic link.
reads() {
  (cd "$here" && "$BRINK" "$1" --db link/brink.db "${@:2}" >out 2>&1)
}

mkdir "$here/link" "$here/reports"
ln -s "$db" "$here/link/brink.db"
ok "confined, list reads" reads list
ok "check reads" reads check
ok "show writes to another folder" reads show last -o reports/show
ok "query too" reads query outcomes -o reports/outcomes
ok "compare writes to a device" reads compare 1 last -o /dev/null
ok "report makes a file" reads report last -o reports/last.html
ok "and a folder" reads report --all -o reports/all
ok "export makes a database" reads export last -o reports/run.db
is "to standard output by its name too" \
  "$(cd "$here" && "$BRINK" query --db link/brink.db --csv 'SELECT 1' -o /dev/stdout | cat)" \
  $'1\n1'
is "all of it is there" "$(ls "$here/reports" | tr '\n' ' ')" \
  "all last.html outcomes run.db show "
is "nothing is left beside the link" "$(ls -A "$here/link")" brink.db

# Only the loopback network. Without a namespace of its own, so that it can be looked at: at
# a port that others will hardly have.
port=$((20000 + RANDOM % 10000))
"$BRINK" run --db "$db" --quiet --baseline 1s --plateau 0 --hold 4s --steps 1 --clients 50 \
  --port $port --release reset --recovery-timeout 2s >"$here/out" 2>&1 &
supervisor=$!
until=$((SECONDS + 20))
until [[ $(ss -Htn state established "sport = :$port" | wc -l) -ge 50 ]]; do
  ((SECONDS < until)) || break
  read -rt 0.1 <> <(:)
done
ss -Htn state established "sport = :$port or dport = :$port" >"$here/sockets"
ok "connections are seen" test "$(wc -l <"$here/sockets")" -ge 100
is "all of them on the loopback network" \
  "$(awk '$3 !~ /^127\./ || $4 !~ /^127\./' "$here/sockets")" ""
is "as all that listens" "$(ss -Htln "sport = :$port" | awk '{ print $4 }' | sort -u)" \
  "127.0.0.1:$port"
wait "$supervisor"
is "and the run ends well" "$?" 0

# Nothing of another user's is written. What they put in the way is refused in one sentence,
# and so is, for root, a place where they still could.
tiny=(--isolate --quiet --baseline 1s --plateau 0 --hold 0 --steps 1 --clients 10
  --release reset --recovery-timeout 2s)

# refuses NAME TEXT COMMAND…: exit $wanted or 1, one line, with TEXT in it; the victim is as it was.
refuses() {
  local name=$1 text=$2
  shift 2
  timeout 60 "$BRINK" "$@" >"$here/out" 2>"$here/err"
  is "$name: is refused" "$?" "${wanted:-1}"
  is "$name: in one sentence" "$(wc -l <"$here/err")" 1
  ok "$name: says $text" grep -qF -- "$text" "$here/err"
  is "$name: what it leads to is as it was" "$(cat "$here/victim")" victim
}

victim() {
  rm -f "$here/victim"
  echo victim >"$here/victim"
}

victim
mkdir "$here/own"
mkfifo "$here/own/fifo"
refuses "a named pipe" 'named pipe' report last --db "$db" \
  -o "$here/own/fifo"
timeout 60 "$BRINK" report last --db "$db" -o >(cat >"$here/piped.html")
is "but a pipe is written" "$?" 0
ln "$here/victim" "$here/own/names.html"
refuses "a report by another name of a file" '2 names' report last --db "$db" \
  -o "$here/own/names.html"
rm "$here/own/names.html"
ln -s ../victim "$here/own/link.html"
"$BRINK" report last --db "$db" -o "$here/own/link.html"
ok "a link of one's own stays, and what it leads to is written" \
  test -L "$here/own/link.html" -a "$(stat -c %s "$here/victim")" -gt 1000
victim
cp "$db" "$here/own/brink.db"
id=$(sqlite3 "$here/own/brink.db" 'SELECT max(run_id) + 1 FROM run')
ln -s ../victim "$here/own/brink.db-ballast.$id"
wanted=4 refuses "a link in place of the reserve" "ballast.$id" run "${tiny[@]}" \
  --db "$here/own/brink.db"
is "and the run is taken back" "$(sqlite3 "$here/own/brink.db" 'SELECT max(run_id) FROM run')" \
  $((id - 1))
rm "$here/own/brink.db-ballast.$id"
ln "$here/victim" "$here/own/brink.db-ballast.$id"
wanted=4 refuses "a hard link in place of the reserve" "2 names" run "${tiny[@]}" \
  --db "$here/own/brink.db"
rm "$here/own/brink.db-ballast.$id" "$here/own/brink.db"*
for suffix in "" -wal -shm -journal; do
  ln "$here/victim" "$here/own/new.db$suffix"
  refuses "a hard link in place of the database$suffix" '2 names' run "${tiny[@]}" \
    --db "$here/own/new.db"
  rm "$here/own/new.db"*
done
if ((EUID == 0)); then
  chmod 755 "$here"
  mkdir -m 1777 "$here/sticky"
  mkdir -m 755 "$here/theirs"
  mkdir -m 777 "$here/loose"
  chown 4711 "$here/theirs"
  for what in sticky theirs; do
    "${run_as_user[@]}" ln -s ../victim "$here/$what/link"
    "${run_as_user[@]}" ln -s ../own "$here/$what/folder"
    "${run_as_user[@]}" mkfifo "$here/$what/fifo"
    "${run_as_user[@]}" touch "$here/$what/file"
  done
  refuses "a report through another's link" 'belongs to another user (4711)' \
    report last --db "$db" -o "$here/sticky/link"
  refuses "through their link to a folder" 'belongs to another user' \
    report last --db "$db" -o "$here/sticky/folder/report.html"
  refuses "to their named pipe" 'belongs to another user' \
    export last --format csv --db "$db" -o "$here/sticky/fifo"
  refuses "to their file" 'belongs to another user' \
    query 'SELECT 1' --db "$db" -o "$here/sticky/file"
  refuses "an export through their link" 'belongs to another user' \
    export last --db "$db" -o "$here/sticky/link"
  refuses "an export where everybody may rename" 'no sticky bit' \
    export last --db "$db" -o "$here/loose/export.db"
  refuses "a database that is theirs" 'belongs to another user' run "${tiny[@]}" \
    --db "$here/sticky/file"
  refuses "through their link" 'belongs to another user' run "${tiny[@]}" \
    --db "$here/sticky/link"
  refuses "in their folder" 'belongs to another user' run "${tiny[@]}" \
    --db "$here/theirs/new/brink.db"
  refuses "where everybody may rename" 'no sticky bit' run "${tiny[@]}" \
    --db "$here/loose/brink.db"
  for suffix in -wal -shm; do
    "${run_as_user[@]}" touch "$here/sticky/brink.db$suffix"
    refuses "beside their $suffix" 'belongs to another user' run "${tiny[@]}" \
      --db "$here/sticky/brink.db"
    rm "$here/sticky/brink.db"*
  done
  is "nothing is left in their folder" "$(ls "$here/theirs" | tr '\n' ' ')" \
    "fifo file folder link "
  timeout 60 "$BRINK" report last --db "$db" -o "$here/theirs/report.html"
  is "their folder itself is no reason" "$?|$(stat -c %u:%a "$here/theirs/report.html")" "0|0:600"
  timeout 60 "$BRINK" report last --db "$db" -o "$here/sticky/report.html"
  is "a folder as /tmp is no reason" "$?|$(stat -c %u:%a "$here/sticky/report.html")" "0|0:600"
else
  skip "what another user put in the way is refused" "only root can set that up"
fi

# The build.
if [[ ${BRINK_HARDENING:-no} == yes ]]; then
  readelf -Wh "$BRINK" >"$here/header"
  readelf -Wld "$BRINK" >"$here/dynamic"
  ok "position-independent" grep -q 'Type:.*DYN' "$here/header"
  ok "RELRO" grep -q GNU_RELRO "$here/dynamic"
  ok "bound at once" grep -qE 'BIND_NOW|FLAGS_1.*NOW' "$here/dynamic"
  ok "no executable stack" grep -qE 'GNU_STACK.* RW ' "$here/dynamic"
  ok "stack protector" grep -qx __stack_chk_fail "$here/symbols"
  ok "checked calls of libc" grep -q '_chk$' <(grep -vx __stack_chk_fail "$here/symbols")
else
  skip "the build is hardened" "configured without"
fi

finish
