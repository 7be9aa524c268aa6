#!/usr/bin/env bash
#
# image.sh DIRECTORY BRINK SERIES…: what a boot needs, made of Debian's packages and of the
# programs of this machine.
#
#   DIRECTORY/programs.gz           the root file system, without modules
#   DIRECTORY/SERIES/vmlinuz        the newest kernel of that series that apt offers
#   DIRECTORY/SERIES/modules.gz     its modules that a case needs
#
# A kernel is fetched once: it is asked for again where DIRECTORY/SERIES is removed. A series
# of which apt offers none is left out.
set -euo pipefail

directory=$1
brink=$2
shift 2

programs=(bash ip nft setpriv tc)
modules=(virtio_pci virtio_blk inet_diag tcp_diag nf_conntrack nf_tables nft_ct nft_limit
  nft_reject_inet veth sch_netem)

# archive ROOT FILE: what is in ROOT, as the kernel unpacks it.
archive() {
  (cd "$1" && find . -mindepth 1 | LC_ALL=C sort | cpio -o -H newc --quiet | gzip -1) >"$2"
}

# stage ROOT FILE…: copies programs to where they are here, with what they load.
stage() {
  local root=$1 file
  shift

  for file in "$@"; do
    cp -L --parents "$file" "$root"
    { ldd "$file" 2>/dev/null || true; } | grep -o '/[^ ]*' | while read -r library; do
      cp -L --parents "$library" "$root"
    done
  done
}

make_programs() {
  local root=$directory/programs link

  rm -rf "$root"
  mkdir -p "$root"/{dev,proc,sys,tmp,etc,usr/{bin,sbin,lib,lib64}}
  for link in bin sbin lib lib64; do
    ln -s "usr/$link" "$root/$link"
  done
  mapfile -t files < <(type -P "${programs[@]}")
  ((${#files[@]} == ${#programs[@]})) || { echo "${programs[*]}: not all are here"; exit 1; }
  stage "$root" "${files[@]}"
  stage "$root" "$(type -P kmod)"
  ln -s "$(type -P kmod)" "$root/sbin/modprobe" # by which the kernel loads what it lacks
  cp "$(type -P busybox)" "$root/bin/busybox"
  stage "$root/" "$brink"
  ln -s "$brink" "$root/bin/brink"
  printf 'root:x:0:0::/:/bin/bash\nnobody:x:65534:65534::/:/bin/false\n' >"$root/etc/passwd"
  archive "$root" "$directory/programs.gz"
}

# The newest package of a series, if any: the one without a version in its name is empty.
kernel_package() {
  apt-cache pkgnames "linux-image-$1." | { grep -E '[0-9]-cloud-amd64$' || true; } |
    sort -V | tail -n 1
}

# fetch_kernel SERIES PACKAGE: unpacks it.
fetch_kernel() {
  local to=$directory/$1 package=$2

  rm -rf "$to"
  mkdir -p "$to"
  (cd "$to" && apt-get download -q -o APT::Sandbox::User=root -o Acquire::Retries=3 "$package")
  dpkg -x "$to"/*.deb "$to/unpacked"
  rm "$to"/*.deb
}

# The modules with what they need, unpacked: the tools of the machine may not read .xz.
make_modules() {
  local to=$directory/$1 version root file

  root=$to/modules
  version=$(basename "$to"/unpacked/lib/modules/*)
  rm -rf "$root"
  mkdir -p "$root/lib/modules/$version"
  depmod -b "$to/unpacked" "$version"
  for module in "${modules[@]}"; do
    modprobe -d "$(realpath "$to/unpacked")" -S "$version" --show-depends "$module"
  done | awk '$1 == "insmod" { print $2 }' | sort -u | while read -r file; do
    cp "$file" "$root/lib/modules/$version"
  done
  find "$root" -name '*.xz' -exec xz -d {} +
  cp "$to/unpacked/lib/modules/$version"/modules.{order,builtin*} "$root/lib/modules/$version"
  depmod -b "$root" "$version"
  # /lib is a link there: a directory of that name would take its place.
  mkdir "$root/usr"
  mv "$root/lib" "$root/usr"
  archive "$root" "$to/modules.gz"
  cp "$to/unpacked/boot/vmlinuz-$version" "$to/vmlinuz"
}

make_programs
for series in "$@"; do
  [[ -e $directory/$series/vmlinuz ]] && continue
  package=$(kernel_package "$series")
  [[ -n $package ]] || continue
  fetch_kernel "$series" "$package"
  make_modules "$series"
  rm -rf "$directory/$series/unpacked" "$directory/$series/modules"
done
