#!/usr/bin/env bash
# SIGKILL to each role at random times. FAULTS kills a role (1), from the seed SEED.
source "$srcdir/tests/system/lib.sh"

kills=${FAULTS:-1}
SEED=${SEED:-$(date +%s)}
RANDOM=$SEED
echo "# SEED=$SEED"

newest="run_id = (SELECT max(run_id) FROM run)"

# kill_at ROLE MS: SIGKILL to the first process of the role that many milliseconds after the
# run was stored, whatever it is doing then.
kill_at() {
  local role=$1 ms=$2 pid

  start --clients 1000 --rate 1000 --steps 1 --plateau 0 --hold 0 --linger 0 \
    --recovery-timeout 1s
  read -rt "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))" <> <(:)
  pid=$supervisor
  [[ $role == supervisor ]] || pid=$(pid_of "$role" 0)
  # A client may not be there yet, or be gone: then nothing is killed, and all must be well.
  [[ -z $pid ]] || kill -KILL "$pid" 2>/dev/null
  wait "$supervisor" 2>/dev/null
  code=$?
  ok "$role after $ms ms: no process is left" none_left \
    $(sql "SELECT pid FROM process WHERE $newest")
  is "$role after $ms ms: the store is whole" "$(sql 'PRAGMA integrity_check')" ok
  ok "$role after $ms ms: the run can be shown" "$BRINK" show last --db "$db" -o "$here/show"
  is "$role after $ms ms: it is not thought to be running" \
    "$(sql "SELECT state = 'running', outcome IS NULL FROM run WHERE $newest")" "0|0"
  is "$role after $ms ms: the funnel adds up" \
    "$(sql "SELECT coalesce(attempted = established + failed, 1) FROM v_funnel
        WHERE $newest AND '$role' NOT IN ('client', 'forker', 'supervisor')
        UNION ALL SELECT 1 LIMIT 1")" 1
  if [[ $role == client || $role == forker ]]; then
    is "$role after $ms ms: every slot of the schedule is used or missed, and none is both" \
      "$(sql "SELECT attempted + missed FROM v_funnel WHERE $newest")" 1000
  fi
  if [[ $role == supervisor ]]; then
    is "$role after $ms ms: it is interrupted, or was done" \
      "$(sql "SELECT state IN ('interrupted', 'done') FROM run WHERE $newest")" 1
  else
    ok "$role after $ms ms: brink itself ends in order" test "$code" -lt 128
  fi
  if [[ $role == recorder ]]; then
    is "$role after $ms ms: no tick is lost" \
      "$(sql "SELECT missed_ticks FROM v_run_health WHERE $newest")" 0
  fi
}

for role in acceptor forker client canary sampler recorder supervisor; do
  for ((i = 0; i < kills; i++)); do
    kill_at "$role" $((RANDOM % 3000))
  done
done

finish
