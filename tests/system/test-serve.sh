#!/usr/bin/env bash
# brink serve: the pages, live and done, to whoever has the token, and to nobody else.
source "$srcdir/tests/system/lib.sh"

"$BRINK" run --db "$db" "${short[@]}" --clients 20 --rate 200 --label 'a <b>' --summary none \
  >"$here/out" 2>"$here/err"
is "there is a run" "$?" 0

"$BRINK" serve --db "$db" --listen 127.0.0.1:0 >"$here/address" 2>"$here/serve.err" &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "$here"' EXIT
until [[ -s $here/address ]] || ! kill -0 "$server" 2>/dev/null; do read -rt 0.05 <> <(:) || true; done
address=$(<"$here/address")
token=${address#*token=}
host=${address#http://}
host=${host%%/*}
port=${host#*:}
ok "it prints an address with a token" grep -qE '^http://127\.0\.0\.1:[0-9]+/\?token=[0-9a-f]{32}$' \
  "$here/address"

# ask REQUEST: the bytes as they are, and the answer to $here/answer.
ask() {
  exec 7<>"/dev/tcp/127.0.0.1/$port"
  # Who is refused early reads no more.
  (printf '%b' "$1" >&7) 2>/dev/null
  timeout 30 cat <&7 >"$here/answer" 2>/dev/null
  exec 7>&- 7<&-
}

# get PATH [FIELDS]: with the cookie.
get() {
  ask "GET $1 HTTP/1.1\r\nHost: $host\r\nCookie: x=y; brink-$port=$token\r\n${2-}\r\n"
}

status() {
  head -n 1 "$here/answer" | cut -d' ' -f2
}

get /
is "the index is shown" "$(status)|$(grep -c '<h1>1 run</h1>' "$here/answer")" "200|1"
ok "as long as it says" test "$(sed '1,/^\r$/d' "$here/answer" | wc -c)" -eq \
  "$(sed -n 's/^Content-Length: \([0-9]*\)\r$/\1/p' "$here/answer")"
get /run-1.html
is "and a report" "$(status)|$(grep -c 'data-outcome="survived"' "$here/answer")" "200|1"
is "which is as it will stay" "$(grep -c '^Refresh' "$here/answer")" 0
get /metrics
is "and the figures" "$(status)|$(tail -n 1 "$here/answer")" "200|# EOF"
ask "GET /metrics HTTP/1.1\r\nHost: $host\r\nAuthorization: Bearer $token\r\n\r\n"
is "also to a program" "$(status)" 200
ask "HEAD / HTTP/1.1\r\nHost: $host\r\nCookie: brink-$port=$token\r\n\r\n"
is "a head is a head" "$(status)|$(sed '1,/^\r$/d' "$here/answer" | wc -c)" "200|0"
get /
ok "no other page may frame it" grep -q "frame-ancestors 'none'" "$here/answer"

ask "GET /?token=$token HTTP/1.1\r\nHost: $host\r\n\r\n"
is "the token becomes a cookie" \
  "$(status)|$(grep -c "^Set-Cookie: brink-$port=$token; Path=/; HttpOnly; SameSite=Strict" \
    "$here/answer")|$(grep -c $'^Location: /\r$' "$here/answer")" "303|1|1"

refused() {
  local name=$1 wanted=$2
  is "$name" "$(status)|$(grep -c '<h1>' "$here/answer")" "$wanted|0"
}

ask "GET / HTTP/1.1\r\nHost: $host\r\n\r\n"
refused "without the token nothing is shown" 403
ask "GET / HTTP/1.1\r\nHost: $host\r\nCookie: brink-$port=${token%?}x\r\n\r\n"
refused "nor with another" 403
ask "GET / HTTP/1.1\r\nHost: $host\r\nCookie: brink-$port=\r\n\r\n"
refused "nor with none" 403
ask "GET / HTTP/1.1\r\nHost: brink.example:$port\r\nCookie: brink-$port=$token\r\n\r\n"
refused "a name that was bound to the address is refused" 403
ask "GET / HTTP/1.1\r\nCookie: brink-$port=$token\r\n\r\n"
refused "as is none" 403
get / "Origin: http://evil.example\r\n"
refused "a page of another site is refused" 403
get / "Origin: http://$host\r\n"
is "but not an own one" "$(status)" 200
for path in /../etc/passwd /run-1.html/../../etc/passwd /run-2.html /run-01.html /run--1.html \
  /run-1.htmlx /run-99999999999999999999.html /etc/passwd; do
  get "$path"
  refused "there is no $path" 404
done
for path in /%2e%2e/etc/passwd '/a\\0b' '' x 'http://x/'; do
  get "$path"
  refused "\"$path\" is no path" 400
done
get "/$(printf 'a%.0s' {1..200})"
refused "a long one is refused" 414
ask "POST / HTTP/1.1\r\nHost: $host\r\nCookie: brink-$port=$token\r\nContent-Length: 0\r\n\r\n"
refused "nothing can be sent" 405
ask "GET / HTTP/0.9\r\n\r\n"
ok "an odd version gets no page" test "$(grep -c '<h1>' "$here/answer")" -eq 0
ask "GET / HTTP/1.1\r\nX: $(printf 'a%.0s' {1..9000})\r\n\r\n"
ok "a request without an end gets none" test "$(grep -c '<h1>' "$here/answer")" -eq 0

# More than it takes at a time, which say nothing: they are given up, and others come to it.
slow=()
for _ in {1..40}; do
  exec {fd}<>"/dev/tcp/127.0.0.1/$port"
  printf 'GET / HT' >&"$fd"
  slow+=("$fd")
done
get /
is "slow ones hold nobody up for long" "$(status)" 200
for fd in "${slow[@]}"; do exec {fd}>&-; done

# A run that goes on: the same page becomes its report.
"$BRINK" run --db "$db" "${short[@]}" --hold 3s --clients 20 --rate 200 --label 'a <b>' --summary none \
  >"$here/out" 2>"$here/err" &
supervisor=$!
live=0
while kill -0 "$supervisor" 2>/dev/null; do
  get /run-2.html
  if [[ $(status) == 200 ]] && grep -q '^Refresh: 2' "$here/answer"; then
    live=1
    break
  fi
  read -rt 0.2 <> <(:) || true
done
is "a run is shown while it goes on" "$live" 1
ok "without a verdict" grep -q 'data-outcome=""' "$here/answer"
wait "$supervisor"
is "which disturbs it not" "$?" 0
for _ in {1..60}; do
  get /run-2.html
  ! grep -q '^Refresh' "$here/answer" && break
  read -rt 0.2 <> <(:) || true
done
ok "and its report when it is over" grep -q 'data-outcome="survived"' "$here/answer"

for _ in {1..60}; do
  get /metrics
  grep -q 'run="2"' "$here/answer" && break
  read -rt 0.2 <> <(:) || true
done
ok "the figures are of the newest run of a label" grep -q 'run="2"' "$here/answer"
ok "and of no older one" test "$(grep -c 'run="1"' "$here/answer")" -eq 0

is "nothing was complained of" "$(cat "$here/serve.err")" ""
ok "it is still there" kill -0 "$server"
timeout 20 "$BRINK" serve --db "$db" --listen "127.0.0.1:$port" >"$here/out" 2>"$here/err"
is "an address that is taken is said" "$?|$(grep -c 'Address already in use' "$here/err")" "2|1"
for where in 8017 localhost:8017 127.0.0.1 127.0.0.1: ::1:8017 127.0.0.1:99999; do
  timeout 20 "$BRINK" serve --db "$db" --listen "$where" >"$here/out" 2>"$here/err"
  is "no address: $where" "$?|$(wc -l <"$here/err")" "2|1"
done
finish
