#!/usr/bin/env bash
# Limits that cannot be injected on a shared host, injected in kernels of our own.
#
# Boots each kernel with each machine that the table in cases.sh has cases for, and writes TAP:
# what was expected, what was named, what was counted; the last line is a score. VM=short runs
# those that are marked with a *. VM_KERNELS, VM_MACHINES and VM_CASES (a pattern of names)
# choose some of them.
#
# BRINK names the program, VM_DIRECTORY where kernels and results are kept.
: "${srcdir:?}"
# shellcheck source=tests/system/lib.sh
source "$srcdir/tests/system/lib.sh"

vm=${VM_DIRECTORY:-build/vm}
read -ra kernels <<<"${VM_KERNELS-6.1 6.12}"
read -ra machines <<<"${VM_MACHINES-plain small large}"
export VM=${VM:-all} VM_CASES=${VM_CASES:-*}

# Why no machine can be had here, or nothing.
why_not() {
  local program

  [[ $(uname -m) == x86_64 ]] || { echo "the kernels are for x86_64"; return; }
  for program in qemu-system-x86_64 busybox cpio kmod nft apt-get dpkg; do
    type -P "$program" >/dev/null || { echo "$program is not installed"; return; }
  done
}

# results NAME: of the case, without an ending.
results() {
  printf '%s' "$vm/$kernel/$machine/$1"
}

# ask NAME QUERY: of the case's store; without one, what was said instead.
ask() {
  if [[ -e $(results "$1").db ]]; then
    sqlite3 -readonly "$(results "$1").db" "$2" 2>&1
  else
    head -n 1 "$(results "$1").out"
  fi
}

truth() {
  local name=$3 limit=$4 count=$5 named got=- wrong=0 expression from to
  of_this_boot "$@" || return 0

  checked+=" $name "
  if [[ ! -e $(results "$name").out ]]; then
    ok "$kernel $name: not reached, see $vm/$kernel/$machine/console" false
    return
  fi
  named=$(ask "$name" "SELECT outcome || ', ' || coalesce(limit_id, 'none')
      || coalesce(' of ' || subject, '') || coalesce(', ' || confidence, '') FROM v_run")
  # shellcheck disable=SC2053  # the limit is a pattern
  [[ $named == $limit ]] || wrong=1
  if [[ $count != - ]]; then
    read -r expression from to <<<"$count"
    got=$(ask "$name" "SELECT $expression FROM v_run AS r
        LEFT JOIN v_breaking_point AS b USING (run_id)
        LEFT JOIN v_funnel AS f USING (run_id)")
    [[ $got =~ ^[0-9]+$ ]] && ((got >= from && got <= ${to:-from})) || wrong=1
  fi
  ok "$(printf '%-4s %-20s %-50s %-50s %-22s got %s' "$kernel" "$name" "$limit" "$named" \
    "$count" "$got")" test "$wrong" = 0
  ((wrong == 0)) || sed 's/^/# /' "$(results "$name").out"
}

says() {
  [[ $checked != *" $1 "* ]] ||
    ok "$kernel $1 says $2" grep -qE "$2" "$(results "$1").out"
}

holds() {
  [[ $checked != *" $1 "* ]] || is "$kernel $1: $2" "$(ask "$1" "$3")" 1
}

# has_cases: whether the table has any for this boot.
has_cases() (
  truth() { ! of_this_boot "$@" || exit 0; }
  says() { :; }
  holds() { :; }
  source "$srcdir/tests/vm/cases.sh"
  exit 1
)

why=$(why_not)
if [[ -n $why ]]; then
  skip "no virtual machine: $why"
  finish
  exit
fi

mkdir -p "$vm"
"$BASH" "$srcdir/tests/vm/image.sh" "$vm" "$BRINK" "${kernels[@]}" >"$vm/image.log" 2>&1 || {
  sed 's/^/# /' "$vm/image.log"
  ok "the image is made" false
  finish
  exit
}

for kernel in "${kernels[@]}"; do
  if [[ ! -e $vm/$kernel/vmlinuz ]]; then
    skip "Linux $kernel: apt offers no such kernel"
    continue
  fi
  for machine in "${machines[@]}"; do
    has_cases || continue
    started=$SECONDS
    "$BASH" "$srcdir/tests/vm/boot.sh" "$vm" "$kernel" "$machine"
    echo "# $kernel $machine: booted and ran for $((SECONDS - started)) s"
    checked=
    source "$srcdir/tests/vm/cases.sh"
  done
done

echo "# score: $((cases - failures)) of $cases"
finish
