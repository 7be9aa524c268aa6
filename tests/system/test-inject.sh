#!/usr/bin/env bash
# System calls of brink's own side that fail: it says so, stores what it can, leaves nothing.
source "$srcdir/tests/system/lib.sh"

fail=${FAIL:-$(dirname "$BRINK")/tests/inject/fail.so}

# The library gives out memory of its own, which AddressSanitizer does not allow.
if grep -qa __asan_init "$BRINK"; then
  echo "1..0 # SKIP a sanitized build cannot have its allocator replaced"
  exit 0
fi

# inject SPEC CODE OUTCOME TEXT: a short run in which a call fails (tests/inject/fail.c), its
# exit code, the outcome as show makes it, and what is said.
inject() {
  local spec=$1 wanted=$2 outcome=$3 text=$4

  env BRINK_FAIL="$spec" LD_PRELOAD="$fail" "$BRINK" run --db "$db" "${short[@]}" --steps 1 \
    --plateau 0 --hold 0 --linger 0 --recovery-timeout 1s --clients 400 --rate 1000 \
    --stall 1s >"$here/out" 2>"$here/err"
  is "$spec: exit code" "$?" "$wanted"
  if [[ -n $text ]]; then
    ok "$spec: says $text" grep -qF -- "$text" "$here/err"
  else
    ok "$spec: nothing to be said" test ! -s "$here/err"
  fi
  ok "$spec: no process is left" none_left \
    $(sql 'SELECT pid FROM process WHERE run_id = (SELECT max(run_id) FROM run)')
  "$BRINK" show last --db "$db" -o "$here/show"
  is "$spec: the outcome" \
    "$(sql 'SELECT outcome FROM run ORDER BY run_id DESC LIMIT 1')" "$outcome"
  is "$spec: the store is whole" "$(sql 'PRAGMA integrity_check')" ok
}

ENOMEM=12 EAGAIN=11 EMFILE=24 ENOSYS=38

# The first fork is the recorder's.
inject supervisor:fork:$EAGAIN:1:1 1 failed "recorder 0 cannot be started"
inject supervisor:fork:$EAGAIN:3:1 1 failed "cannot be started"
inject supervisor:epoll_create:$EMFILE:1:1 1 interrupted "the supervisor cannot start"
inject recorder:open:$EMFILE:1:1000000 1 interrupted "the run cannot be stored"
inject recorder:malloc:$ENOMEM:2000:1 1 interrupted "the run cannot be stored"
inject recorder:epoll_create:$EMFILE:1:1 1 interrupted "the run cannot be stored"
inject sampler:malloc:$ENOMEM:1:1 1 failed "sampler: no memory"
inject sampler:epoll_create:$EMFILE:1:1 1 failed "sampler: no timer"
# What cannot be read is NULL, and no more.
inject sampler:open:$EMFILE:1:1000000 0 survived ""
inject acceptor:mmap:$ENOMEM:1:1 1 failed "cannot listen"
inject acceptor:epoll_create:$EMFILE:1:1 1 failed "cannot listen"
# As before Linux 5.11.
inject any:epoll_pwait2:$ENOSYS:1:1000000 0 survived ""
# A fork that fails is tried again until the clients' slots are lost.
inject forker:fork:$EAGAIN:1:3 0 survived ""
is "forks that failed are counted" \
  "$(sql "SELECT sum(count) >= 3 FROM failure WHERE call = 'fork' AND error = 'EAGAIN'
      AND run_id = (SELECT max(run_id) FROM run)")" 1
inject forker:fork:$EAGAIN:1:1000000 1 failed ""
inject forker:epoll_create:$EMFILE:1:1 1 failed "cannot start"
inject client:mmap:$ENOMEM:1:1 1 failed "cannot start"
inject client:epoll_create:$EMFILE:1:1 1 failed "cannot start"
# Without a canary nobody knows whether a newcomer was served.
inject canary:epoll_create:$EMFILE:1:1 3 inconclusive "canary: cannot start"

finish
