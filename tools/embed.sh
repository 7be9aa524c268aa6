#!/bin/sh
# embed.sh NAME=FILE ... [-- TABLE FILE ...] ...: writes C source to standard output, as
# src/base/embed.h declares it: each FILE as `const char NAME[]', ended by a NUL; and each
# TABLE as an array of its FILEs, named without folder and ending.
set -eu

text() {
  test -r "$1" || {
    printf 'embed.sh: %s: no such file\n' "$1" >&2
    exit 1
  }
  # Three octal digits a byte: no character needs care, not even `??'.
  od -An -v -to1 "$1" | awk '
    { gsub(/ +/, "\\"); printf "\t\"%s\"\n", $0 }
    END { if (NR == 0) print "\t\"\"" }'
}

end_table() {
  if test -n "$table"; then
    printf '\t{ 0, 0 }\n};\n'
  fi
}

printf '/* Made by tools/embed.sh. */\n#include "base/embed.h"\n'
table=
begins=false
for argument in "$@"; do
  if test "$argument" = --; then
    end_table
    begins=true
  elif $begins; then
    table=$argument
    begins=false
    printf '\nconst struct embedded_file %s[] = {\n' "$table"
  elif test -n "$table"; then
    name=${argument##*/}
    printf '\t{ "%s",\n' "${name%.*}"
    text "$argument"
    printf '\t},\n'
  else
    printf '\nconst char %s[] =\n' "${argument%%=*}"
    text "${argument#*=}"
    printf '\t;\n'
  fi
done
end_table
