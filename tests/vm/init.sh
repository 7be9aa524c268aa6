#!/bin/bash
#
# The first process of the machine: runs its cases, and writes what they leave to the disk.
set -uo pipefail
export PATH=/usr/sbin:/usr/bin

/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t cgroup2 cgroup /sys/fs/cgroup
echo "+cpu +memory +pids" >/sys/fs/cgroup/cgroup.subtree_control
modprobe -a virtio_pci virtio_blk tcp_diag
ip link set lo up
ulimit -Hn 1048576
mkdir -m 1777 /results

# What boot.sh writes there.
machine='' VM='' VM_CASES='' BUDGET=0
# shellcheck source=/dev/null
source /vm/settings
# shellcheck source=tests/vm/wrappers.sh
source /vm/wrappers.sh

# Ramps, plateaus and the hold as short as a verdict allows; an emulated processor takes a
# sample ten times a second only while the host is idle.
short=(--quiet --interval 250ms --report none --baseline 1s --plateau 500ms --hold 500ms --linger 1s --steps 2
  --release reset --recovery-timeout 1s --summary full)

# truth MARK MACHINE NAME LIMIT COUNT WRAPPERS OPTION…: runs the case: see cases.sh. Each has
# a database of its own, so that one that kills brink takes no other with it.
truth() {
  local name=$3 wrappers=$6 at=$SECONDS
  of_this_boot "$@" || return 0
  shift 6

  ((SECONDS < BUDGET)) || return 0
  echo "$name"
  # The wrappers are words to be split.
  # shellcheck disable=SC2086
  $wrappers timeout -k 5 90 brink run --db "/results/$name.db" "${short[@]}" "$@" \
    >"/results/$name.out" 2>&1 </dev/null
  echo "exit code $? after $((SECONDS - at)) s" >>"/results/$name.out"
}

says() { :; }
holds() { :; }

# shellcheck source=tests/vm/cases.sh
source /vm/cases.sh

dmesg >/results/dmesg
cd /results || exit
tar cf /dev/vda ./*
sync
poweroff -f
