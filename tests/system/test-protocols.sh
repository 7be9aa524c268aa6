#!/usr/bin/env bash
# Every protocol, spoken with a server that people have: served, and refused in its own words.
source "$srcdir/tests/system/lib.sh"

chmod 755 "$here" # servers go there as users of their own
short=(--isolate --quiet --report none --baseline 1s --plateau 500ms --hold 1s --linger 500ms
  --steps 1 --release reset --recovery-timeout 5s --interval 100ms --rate 400 --every 200ms)
as_postgres=(setpriv --reuid postgres --regid postgres --clear-groups)
pg_bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)

# speak PROTOCOL PORT CLIENTS -- COMMAND…
speak() {
  local protocol=$1 port=$2 clients=$3
  shift 4

  run --target ":$port" --protocol "$protocol" --clients "$clients" -- "$@"
}

# served NAME PROTOCOL PORT -- COMMAND…: a server with room for all.
served() {
  local name=$1
  shift

  command -v "$4" >/dev/null || { skip "$name: $4 is not installed"; return; }
  speak "$1" "$2" 40 -- "${@:4}"
  is "$name serves every connection and keeps it" "$code|$(sql "SELECT outcome, attempted, served, lost
    FROM v_run JOIN v_funnel USING (run_id) ORDER BY run_id DESC LIMIT 1")" "0|survived|40|40|0"
}

# refused NAME WORDS ROOM PROTOCOL PORT -- COMMAND…: one that has room for so many, the canary
# among them where it is there first.
refused() {
  local name=$1 words=$2 room=$3
  shift 3

  command -v "$4" >/dev/null || { skip "$name: $4 is not installed"; return; }
  speak "$1" "$2" 60 -- "${@:4}"
  is "$name refuses what it has no room for" "$(sql "SELECT served BETWEEN $room - 2 AND $room,
      (SELECT count(*) > 0 FROM failure WHERE run_id = v_funnel.run_id AND call = 'serve')
    FROM v_funnel ORDER BY run_id DESC LIMIT 1")" "1|1"
  ok "$name is quoted: $words" quoted "$words"
}

quoted() {
  [[ $(sql "SELECT text FROM event WHERE run_id = (SELECT max(run_id) FROM run)
    AND kind = 'refused'") == *"\"$1\""* ]]
}

cat >"$here/nginx.conf" <<END
worker_processes 1;
pid $here/nginx.pid;
error_log stderr;
daemon off;
events { worker_connections 1024; }
http {
  access_log off;
  server { listen 8080; root $here/www; }
  server { listen 8081; keepalive_timeout 3s; location / { return 204; } }
}
END
mkdir "$here/www"
head -c 200000 /dev/zero >"$here/www/index.html"
served nginx http 8080 -- nginx -c "$here/nginx.conf"

# Three seconds without a word are more than the server waits for.
run --target :8081 --protocol http --clients 40 --hold 7s --every 24h -- nginx -c "$here/nginx.conf"
is "a server ends connections that say nothing any more" "$(sql "SELECT outcome, served, lost
  FROM v_run JOIN v_funnel USING (run_id) ORDER BY run_id DESC LIMIT 1")" "broke|40|40"
run --target :8081 --protocol http --clients 40 --hold 7s -- nginx -c "$here/nginx.conf"
is "and keeps those that do, by --every" "$(sql "SELECT outcome, served, lost
  FROM v_run JOIN v_funnel USING (run_id) ORDER BY run_id DESC LIMIT 1")" "survived|40|0"

served redis redis 6379 -- redis-server --port 6379 --save '' --dir "$here"
refused redis '-ERR max number of clients reached' 30 redis 6379 -- \
  redis-server --port 6379 --save '' --dir "$here" --maxclients 30

served memcached memcached 11211 -- memcached -u nobody -U 0 -p 11211

if [[ -x $pg_bin/postgres ]]; then
  mkdir "$here/pg"
  chown postgres "$here/pg"
  "${as_postgres[@]}" "$pg_bin/initdb" -A trust -D "$here/pg" >"$here/initdb.log" 2>&1
  served PostgreSQL postgres 5432 -- "${as_postgres[@]}" "$pg_bin/postgres" -D "$here/pg" \
    -k "$here/pg" -p 5432
  refused PostgreSQL 'FATAL 53300: sorry, too many clients already' 30 postgres 5432 -- \
    "${as_postgres[@]}" "$pg_bin/postgres" -D "$here/pg" -k "$here/pg" -p 5432 \
    -c max_connections=30
else
  skip "PostgreSQL is not installed"
fi

printf 'listener 1883 127.0.0.1\nallow_anonymous true\n' >"$here/mosquitto.conf"
served mosquitto mqtt 1883 -- mosquitto -c "$here/mosquitto.conf"

sshd=$(command -v sshd || echo /usr/sbin/sshd)
mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$here/key" 2>/dev/null
served sshd ssh 2222 -- "$sshd" -D -e -f /dev/null -p 2222 -o PidFile=none \
  -o "HostKey=$here/key" -o ListenAddress=127.0.0.1 -o MaxStartups=200
refused sshd 'Exceeded MaxStartups' 30 ssh 2222 -- "$sshd" -D -e -f /dev/null -p 2222 \
  -o PidFile=none -o "HostKey=$here/key" -o ListenAddress=127.0.0.1 -o MaxStartups=30

# A WebSocket server that pings whoever it serves, and hangs up on who does not answer.
cat >"$here/websocket.py" <<'END'
import asyncio, base64, hashlib

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

async def frame(reader):
    first, second = await reader.readexactly(2)
    mask = await reader.readexactly(4)
    payload = await reader.readexactly(second & 127)
    return first & 15, bytes(c ^ mask[i % 4] for i, c in enumerate(payload))

async def serve(reader, writer):
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        key = next(l.split(b": ")[1] for l in head.split(b"\r\n") if l.startswith(b"Sec-WebSocket-Key"))
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                     b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        writer.write(b"\x89\x04brin")
        answered, pings = False, 0
        while True:
            opcode, payload = await frame(reader)
            answered |= opcode == 10 and payload == b"brin"
            if opcode == 9:
                pings += 1
                if pings > 1 and not answered:
                    break
                writer.write(bytes([0x8a, len(payload)]) + payload)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 9001, backlog=1000)
    await server.serve_forever()

asyncio.run(main())
END
served "a WebSocket server" websocket 9001 -- python3 "$here/websocket.py"

printf '%s\n' 'send "PING {n}\r\n"' 'expect "$"' 'refuse "-ERR max"' \
  'every 200ms send "PING\r\n"' >"$here/own.protocol"
served "a protocol of one's own" "$here/own.protocol" 6379 -- \
  redis-server --port 6379 --save '' --dir "$here"

run --target :1 --protocol "$here/nowhere" -- true
is "a file that is not there is refused in one sentence" "$code|$(cat "$here/err")" \
  "2|brink run: --protocol $here/nowhere: $here/nowhere: No such file or directory"

finish
