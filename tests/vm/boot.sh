#!/usr/bin/env bash
#
# boot.sh DIRECTORY SERIES MACHINE: boots the kernel of DIRECTORY/SERIES as image.sh made it,
# and runs the cases of that machine: see init.sh. What they leave is put into
# DIRECTORY/SERIES/MACHINE, what the console said into its file "console".
#
# In the environment: VM and VM_CASES, see check.sh; and BUDGET, how many seconds the cases may
# take. Those that are not reached in time are not there, and the boot ends by itself.
set -euo pipefail

directory=$1
series=$2
machine=$3
here=$(dirname "${BASH_SOURCE[0]}")
: "${BUDGET:=600}"

case $machine in
small) memory_mib=512 ;;
large) memory_mib=3072 ;;
*) memory_mib=1024 ;;
esac

results=$directory/$series/$machine
rm -rf "$results"
mkdir -p "$results/script/vm"
cp "$here/cases.sh" "$here/wrappers.sh" "$results/script/vm"
install -m 755 "$here/init.sh" "$results/script/init"
printf 'VM=%q VM_CASES=%q BUDGET=%q machine=%q\n' "${VM-}" "${VM_CASES-*}" "$BUDGET" "$machine" \
  >"$results/script/vm/settings"
(cd "$results/script" && find . -mindepth 1 | cpio -o -H newc --quiet | gzip -1) |
  cat "$directory/programs.gz" "$directory/$series/modules.gz" - >"$results/initrd"
# Always emulated: a /dev/kvm that is there may be one that hangs.
boot() {
  truncate -s 256M "$results/disk"
  timeout -k 5 $((BUDGET + 120)) qemu-system-x86_64 \
    -accel tcg,thread=multi,tb-size=512 -machine q35 -cpu max -smp 2 -m "$memory_mib" \
    -nodefaults -no-user-config -nographic -serial stdio -no-reboot \
    -kernel "$directory/$series/vmlinuz" -initrd "$results/initrd" \
    -append "console=ttyS0 quiet panic=-1 mitigations=off nokaslr no_timer_check \
tsc=reliable cgroup_no_v1=all" \
    -drive "file=$results/disk,format=raw,if=virtio,cache=unsafe" \
    </dev/null >"$results/console" 2>&1 || true
  tar xf "$results/disk" -C "$results" 2>/dev/null || true
}

boot
# The kernel patches its own code as it starts, which two emulated processors now and then meet
# half done: "Oops: int3", before anything of ours has begun.
if ! compgen -G "$results/*.out" >/dev/null && grep -q 'Kernel panic' "$results/console"; then
  echo "# $series $machine: the kernel panicked as it started; once more"
  rm -f "$results/disk"
  boot
fi
rm -rf "$results/disk" "$results/initrd" "$results/script"
