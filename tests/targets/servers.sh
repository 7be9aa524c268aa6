# Real servers, each with a configuration of its own: what they are started by.
#
# A recipe NAME fills in the array `server`, the command that stays in the foreground and listens
# at port $port of 127.0.0.1. It reads its settings from the map `given`, and may write into
# $place, the server's own directory. NAME_speaks is the protocol that clients have with it, and
# NAME_program what must be installed.

port=8080

# Where Debian keeps them: not in everybody's path, and nobody's home.
PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
PATH+=:$(compgen -G '/usr/lib/postgresql/*/bin' | tail -n 1)

nginx_program=nginx
nginx_speaks=http
nginx() {
  cat >"$place/nginx.conf" <<END
daemon off;
worker_processes ${given[workers]:-1};
pid $place/nginx.pid;
error_log $place/errors;
events { worker_connections ${given[connections]:-4000}; }
http {
  access_log off;
  client_body_temp_path $place;
  proxy_temp_path $place;
  fastcgi_temp_path $place;
  uwsgi_temp_path $place;
  scgi_temp_path $place;
  keepalive_timeout ${given[timeout]:-600s};
  keepalive_requests 100000;
  server {
    listen 127.0.0.1:$port backlog=${given[backlog]:-511};
    location / { return 200 "served\n"; }
  }
}
END
  server=("$(type -P nginx)" -p "$place" -e "$place/errors" -c "$place/nginx.conf")
}

redis_program=redis-server
redis_speaks=redis
redis() {
  server=(redis-server --bind 127.0.0.1 --port "$port" --dir "$place" --save '' --appendonly no
    --maxclients "${given[clients]:-2000}" --timeout "${given[timeout]:-0}"
    --tcp-backlog "${given[backlog]:-511}")
}

memcached_program=memcached
memcached_speaks=memcached
memcached() {
  server=("$(type -P memcached)" -l 127.0.0.1 -p "$port" -U 0 -t "${given[threads]:-1}"
    -c "${given[clients]:-2000}" -b "${given[backlog]:-511}"
    -o "${given[full]:-maxconns_fast},idle_timeout=${given[timeout]:-0}")
}

haproxy_program=haproxy
haproxy_speaks=http
haproxy() {
  cat >"$place/haproxy.cfg" <<END
global
  ${given[clients]:+maxconn ${given[clients]}}
defaults
  mode http
  timeout connect 5s
  timeout server 5s
  timeout client ${given[timeout]:-600s}
  timeout http-keep-alive ${given[timeout]:-600s}
frontend of-its-own
  bind 127.0.0.1:$port backlog ${given[backlog]:-511}
  ${given[frontend]:+maxconn ${given[frontend]}}
  http-request return status 200 content-type text/plain string served
END
  server=(haproxy -f "$place/haproxy.cfg")
}

lighttpd_program=lighttpd
lighttpd_speaks=http
lighttpd() {
  mkdir "$place/files"
  echo served >"$place/files/index.html"
  cat >"$place/lighttpd.conf" <<END
server.document-root = "$place/files"
server.bind = "127.0.0.1"
server.port = $port
server.errorlog = "$place/errors"
server.max-connections = ${given[clients]:-1000}
server.max-fds = ${given[descriptors]:-4096}
server.listen-backlog = ${given[backlog]:-511}
server.max-keep-alive-requests = 100000
server.max-keep-alive-idle = ${given[timeout]:-600}
index-file.names = ("index.html")
END
  server=(lighttpd -D -f "$place/lighttpd.conf")
}

# Made once, as that takes seconds: a cluster of $user, without passwords.
make_cluster() {
  rm -f "$here/cluster/postmaster.pid"
  [[ ! -e $here/cluster/PG_VERSION ]] || return 0
  install -d -o "$user" -m 700 "$here/cluster"
  as_user initdb -D "$here/cluster" -U postgres -A trust -N >"$here/initdb" 2>&1
}

postgres_program=postgres
postgres_speaks=postgres
postgres() {
  make_cluster
  server=(postgres -D "$here/cluster" -h 127.0.0.1 -p "${given[port]:-$port}" -k "$place"
    -c "max_connections=${given[clients]:-400}" -c "superuser_reserved_connections=${given[reserved]:-0}"
    -c max_wal_senders=0 -c autovacuum=off -c shared_buffers=16MB -c fsync=off
    -c "authentication_timeout=${given[timeout]:-60}"
    -c "idle_session_timeout=${given[idle]:-0}")
}

# In front of a PostgreSQL of its own.
pgbouncer_program=pgbouncer
pgbouncer_speaks=postgres
pgbouncer() {
  local clients=${given[clients]:-1000}

  cat >"$place/pgbouncer.ini" <<END
[databases]
* = host=127.0.0.1 port=5432 user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = any
max_client_conn = $clients
default_pool_size = 2
listen_backlog = ${given[backlog]:-511}
client_idle_timeout = ${given[timeout]:-0}
END
  given[port]=5432 given[clients]=400
  postgres
  behind=("${server[@]}")
  server=("$(type -P pgbouncer)" "$place/pgbouncer.ini")
}

mosquitto_program=mosquitto
mosquitto_speaks=mqtt
mosquitto() {
  cat >"$place/mosquitto.conf" <<END
listener $port 127.0.0.1
max_connections ${given[clients]:--1}
allow_anonymous true
END
  server=("$(type -P mosquitto)" -c "$place/mosquitto.conf")
}

sshd_program=sshd
sshd_speaks=ssh
sshd() {
  as_user ssh-keygen -q -t ed25519 -N '' -f "$place/key"
  cat >"$place/sshd_config" <<END
ListenAddress 127.0.0.1:$port
HostKey $place/key
PidFile $place/sshd.pid
UsePAM no
MaxStartups ${given[startups]:-1000:100:1000}
LoginGraceTime ${given[timeout]:-600}
END
  server=("$(type -P sshd)" -D -e -f "$place/sshd_config")
}

# The last three are written for what others are not easily led to do.
node_program=node
node_speaks=http
node() {
  server=("$(type -P node)" "$srcdir/tests/targets/server.js" "$port" "${given[clients]:-0}"
    "${given[timeout]:-600000}")
}

python_program=python3
python_speaks=echo
python() {
  local setting

  server=(python3 "$srcdir/tests/targets/server.py" --port "$port")
  for setting in "${!given[@]}"; do
    [[ $setting == @(nofile|memory|pids|nproc) ]] || server+=("--$setting" "${given[$setting]}")
  done
}

erlang_program=erl
erlang_speaks=echo
erlang() {
  cp "$srcdir/tests/targets/server.erl" "$place"
  server=(erl -noinput -boot start_clean +Q "${given[ports]:-4096}"
    -eval "{ok, server, Code} = compile:file(\"server.erl\", [binary]),
      {module, server} = code:load_binary(server, \"server.erl\", Code),
      server:start($port)")
}
