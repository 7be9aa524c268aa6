#!/bin/sh
# embed.sh NAME=FILE ...: writes C source to standard output, with each FILE as
# `const char NAME[]', ended by a NUL, as src/base/embed.h declares them.
set -eu

printf '/* Made by tools/embed.sh. */\n#include "base/embed.h"\n'
for argument in "$@"; do
  name=${argument%%=*}
  file=${argument#*=}
  test -r "$file" || {
    printf 'embed.sh: %s: no such file\n' "$file" >&2
    exit 1
  }
  # Three octal digits a byte: no character needs care, not even `??'.
  printf '\nconst char %s[] =\n' "$name"
  od -An -v -to1 "$file" | awk '
    { gsub(/ +/, "\\"); printf "\t\"%s\"\n", $0 }
    END { if (NR == 0) print "\t\"\"" }'
  printf '\t;\n'
done
