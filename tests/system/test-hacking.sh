#!/usr/bin/env bash
# HACKING.md is true: what it names is there, and layers include only what stands left of them.
source "$srcdir/tests/system/lib.sh"

missing=
while read -r path; do
  [[ -e $srcdir/$path ]] || missing+=" $path"
done < <(grep -oE '(src|sql|tests)/[A-Za-z0-9_./-]*[A-Za-z0-9_]' "$srcdir/HACKING.md" | sort -u)
is "every file that HACKING.md names is there" "$missing" ""

layers=$(sed -n 's/^    \(base .*cmd\)$/\1/p' "$srcdir/HACKING.md" | tr -d '─▶')
read -ra layers <<<"$layers"
ok "HACKING.md has the layers" test "${#layers[@]}" -ge 9
left=
wrong=
for layer in "${layers[@]}"; do
  left+="|$layer"
  wrong+=$(grep -nE '^#include "[a-z]+/' "$srcdir/src/$layer"/*.[ch] |
    grep -vE "#include \"(${left#|})/" || true)
done
is "each layer includes only what stands left of it" "$wrong" ""

finish
