#!/usr/bin/env bash
# Sweeps: the true table of what gives way, each run made once whatever stops them, and in what
# words one is refused.
source "$srcdir/tests/system/lib.sh"

# sweep ARG…: as run has it; its exit code is in $code.
sweep() {
  "$BRINK" sweep --db "$db" --report none "$@" >"$here/out" 2>"$here/err"
  code=$?
  sed 's/^/# /' "$here/err"
}

# Acceptors that run out of files at the limit less their own, until the ports of the clients
# give way before.
grid=(--vary acceptors=1,2 --vary limit.nofile.acceptor=128,256 "${short[@]}" --clients 1000
  --rate 1000 --steps 1 --limit ports=400)

sweep "${grid[@]}" --repeat 1 --dry-run
is "a dry run starts nothing" "$code|$(head -n 1 "$here/out")|$(test -e "$db" || echo none)" \
  "0|4 points, 1 run each: 4 runs|none"

sweep "${grid[@]}" --repeat 1 --seed 4
is "a sweep is made" "$code" 0
is "all of its runs" "$(sql 'SELECT points, runs, runs_done, varied FROM v_sweep')" \
  "4|4|4|acceptors, limit.nofile.acceptor"
is "each cell has its limit" "$(sql "SELECT group_concat(limit_id || ' ' || outcome, ', ')
    FROM (SELECT * FROM v_sweep_point ORDER BY point)")" \
  "acceptor-nofile broke, acceptor-nofile broke, acceptor-nofile broke, ephemeral-ports inconclusive"
is "and its acceptors held what their files allow" "$(sql "SELECT count(*) FROM v_sweep_point AS p
    JOIN sweep_value AS a ON a.sweep_id = p.sweep_id AND a.point = p.point AND a.seq = 0
    JOIN sweep_value AS n ON n.sweep_id = p.sweep_id AND n.point = p.point AND n.seq = 1
    WHERE p.limit_id = 'acceptor-nofile' AND p.broke_held = a.value * (n.value -
      (SELECT max(own_fds) FROM failure AS f WHERE f.run_id = p.run_id AND f.role = 'acceptor'))")" 3
ok "where another limit gives way is said" grep -q \
  'at acceptors=2: open files (acceptor-nofile), then ephemeral ports (ephemeral-ports)' "$here/out"
"$BRINK" show s1 >"$here/again"
ok "it is shown again" cmp "$here/out" "$here/again"
"$BRINK" show s1 --json >"$here/sweep.json"
is "as JSON too" "$(sqlite3 :memory: "SELECT json_extract(readfile('$here/sweep.json'),
    '\$.schema_version', '\$.runs_done', '\$.points[3].causes[0].cause')")" '[1,4,"ephemeral-ports"]'
ok "and is in the list" grep -q '^s1 .* 4 .*complete.*acceptors' <("$BRINK" list --sweeps)
"$BRINK" report s1 -o "$here/sweep.html"
is "its report leads to those of its runs" "$?|$(grep -o 'href="brink-run-[0-9]*.html"' "$here/sweep.html" |
  sort -u | wc -l)" "0|4"
sweep --resume
is "then there is nothing to go on with" "$code" 2

# begin ARG…: a sweep in the background, once its first run is in the store.
begin() {
  local before

  before=$(sql 'SELECT count(*) FROM run')
  "$BRINK" sweep --db "$db" --report none --vary acceptors=1,2 --repeat 2 "${short[@]}" \
    --clients 100 --rate 1000 --steps 1 "$@" >"$here/out" 2>"$here/err" &
  sweeper=$!
  wait_for 'SELECT count(*) FROM run' $((before + 1))
}

# made: how many runs the newest sweep has, of how many places, and those that were made in vain.
made() {
  sql "SELECT count(DISTINCT run_id), count(*), sum(is_done),
      (SELECT count(*) FROM run WHERE run_id > (SELECT count(*) FROM sweep_point WHERE sweep_id = 1)
        AND outcome = 'interrupted')
    FROM v_sweep_point WHERE sweep_id = (SELECT max(sweep_id) FROM sweep)"
}

# Its run stands still, so that it has not ended yet, however slow this machine is.
ok "killed: it began" begin
supervisor=$(sql 'SELECT supervisor_pid FROM run ORDER BY run_id DESC LIMIT 1')
kill -STOP "$supervisor"
kill -KILL "$sweeper"
wait "$sweeper"
"$BRINK" sweep --db "$db" --resume >"$here/out" 2>"$here/err"
is "killed: nobody else makes its runs while the last one ends" "$?" 2
kill -CONT "$supervisor"
ok "killed: its run ends in order" wait_for \
  "SELECT outcome FROM run ORDER BY run_id DESC LIMIT 1" interrupted
go_on() {
  local until=$((SECONDS + 30))

  sweep --resume
  while grep -q 'going on already' "$here/err" && ((SECONDS < until)); do
    read -rt 0.2 <> <(:)
    sweep --resume
  done
}
go_on
is "killed: the rest is made" "$code|$(made)" "0|4|4|4|1"

ok "stopped: it began" begin
kill -INT "$sweeper"
wait "$sweeper"
is "stopped: as brink run is" "$?" 130
ok "stopped: and how to go on is said" grep -q 'brink sweep --resume s3' "$here/err"
sweep --resume s3 --quiet
is "stopped: the rest is made" "$code|$(made)|$(cat "$here/err")" "0|4|4|4|2|"

# A port that is not free is nobody's result.
coproc listener { python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
print(s.getsockname()[1], flush=True); input()'; }
read -r port <&"${listener[0]}"
sweep --vary acceptors=1..8+1 --repeat 1 --clients 10 --port "$port"
is "refused: it stops" "$code" 2
is "refused: and nothing is noted" \
  "$(sql "SELECT runs, runs_done FROM v_sweep ORDER BY sweep_id DESC LIMIT 1")" "8|0"
echo >&"${listener[1]}"
wait "$listener_PID"

# A server of the user's own is started for each run, with its options as they are.
cat >"$here/serve.py" <<'SERVE'
import selectors, socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[2])), backlog=512)
ready = selectors.DefaultSelector()
ready.register(listener, selectors.EVENT_READ)
while True:
    for key, _ in ready.select():
        if key.fileobj is listener:
            ready.register(listener.accept()[0], selectors.EVENT_READ)
            continue
        try:
            data = key.fileobj.recv(65536)
        except ConnectionError:
            data = b""
        if data:
            key.fileobj.send(data)
        else:
            ready.unregister(key.fileobj)
            key.fileobj.close()
SERVE
sweep --vary clients=50,100 --repeat 1 --target "127.0.0.1:$port" --protocol echo --rate 500 \
  --steps 1 --baseline 1s --plateau 1s --hold 1s --recovery-timeout 5s -- \
  python3 "$here/serve.py" --port "$port"
is "a server of one's own: it serves at each point" "$code|$(sql "SELECT group_concat(held, ' ')
    FROM (SELECT outcome || ' ' || held_peak AS held FROM v_sweep_point
      WHERE sweep_id = (SELECT max(sweep_id) FROM sweep) ORDER BY point)")" \
  "0|survived 50 survived 100"

sweep --clients 10
is "nothing that varies is refused" "$code" 2
sweep --vary acceptors=1,0
is "a value that is not allowed is refused at once" "$code|$(sed 's/out of.*//' "$here/err")" \
  "2|brink run: --acceptors 0: "
sweep --resume --clients 10
is "other options than it was begun with are refused" "$code" 2
sweep --vary db=a,b
is "what is of the sweep as a whole does not vary" "$code" 2

# A file of options that says something else by now.
echo 'clients = 10' >"$here/sweep.ini"
begin --config "$here/sweep.ini"
kill -INT "$sweeper"
wait "$sweeper"
echo 'messages = 7' >"$here/sweep.ini"
sweep --resume
is "a configuration that changed is refused" "$code" 2

finish
