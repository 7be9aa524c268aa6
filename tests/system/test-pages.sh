#!/usr/bin/env bash
# Holds the manual pages against what brink says of itself, and tries the completion that is
# made from that.
source "$srcdir/tests/system/lib.sh"

mapfile -t commands < <("$BRINK" help | awk '/^commands:/ { on = 1; next }
  on && NF == 0 { exit } on && $1 != "help" { print $1 }')

# The long options of a command but --help, sorted: as its help has them, as its page does.
of_help() {
  "$BRINK" help "$1" | sed -n 's/^  \(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p' | sort
}

of_page() {
  sed -n 's/^\.It Fl \(.*Fl \)\{0,1\}-\([a-z-]*\).*/--\2/p' "$1" | grep -vxe --help | sort
}

is_command() {
  "$BRINK" help "$1" >/dev/null
}

ok "there are commands" test "${#commands[@]}" -gt 5
is "each of a name of its own" "$(printf '%s\n' "${commands[@]}" | sort | uniq -d)" ""
for command in "${commands[@]}"; do
  page=$srcdir/man/brink-$command.1
  # doctor and sweep take the options of run too, whose page has them.
  wanted=$(of_help "$command")
  case $command in
  doctor | sweep) wanted=$(comm -23 <(of_help "$command") <(of_help run)) ;;
  esac
  is "the page of $command has its options and no other" "$(of_page "$page")" "$wanted"
  ok "brink(1) describes it and refers to it" \
    grep -qx "\.It Cm $command" <(grep -Fx -B 9 ".Xr brink-$command 1 ." "$srcdir/man/brink.1")
done
for page in "$srcdir"/man/brink-*.1; do
  name=${page##*/brink-}
  ok "the page ${page##*/} is of a command" is_command "${name%.1}"
done

# What bash makes of it: complete WORD… gives the candidates for the last word.
completion=${BRINK%/*}/completions
source "$completion/brink"
complete_words() {
  COMP_WORDS=("$@")
  COMP_CWORD=$(($# - 1))
  COMPREPLY=()
  _brink 2>/dev/null
  echo "${COMPREPLY[*]}"
}
is "a command is completed" "$(complete_words "$BRINK" compa)" compare
is "an option is completed" "$(complete_words "$BRINK" run --recov)" --recovery-timeout
is "a value is completed" "$(complete_words "$BRINK" run --listener g)" group
is "also after an equals sign" "$(complete_words "$BRINK" run --listener = g)" group
is "a limit is completed" "$(complete_words "$BRINK" run --limit nofile.c)" nofile.client=
is "a figure is completed" "$(complete_words "$BRINK" run --expect breaking_point.t)" \
  breaking_point.time
is "a run is completed" "$(complete_words "$BRINK" show l)" last
is "a saved query is completed" "$(complete_words "$BRINK" query breaking)" breaking-points

# Of zsh only what it is made of: every command, every option of each.
for command in "${commands[@]}"; do
  ok "zsh knows $command" grep -q "^    '$command:." "$completion/_brink"
  wanted=$(of_help "$command")
  got=$(sed -n "/^    $command)/,/;;/p" "$completion/_brink" |
    sed -n "s/^ *'\*\(--[a-z-]*\).*/\1/p" | sort)
  is "and its options" "$got" "$wanted"
done

finish
