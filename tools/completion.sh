#!/usr/bin/env bash
#
# Writes the shell completion of brink from what brink says of itself:
#
#	completion.sh bash|zsh BRINK
set -euo pipefail
export LC_ALL=C

shell=$1
brink=$2

commands() {
  "$brink" help | awk '
    /^commands:/ { on = 1; next }
    on && NF == 0 { exit }
    on { name = $1; sub(/^ *[^ ]+ +/, ""); print name "\t" $0 }'
}

operands_of() {
  "$brink" help "$1" | sed -n '1s/^usage: brink [a-z]*\( \[options\]\)\{0,1\} *//p'
}

# Name, letter, argument and help of each option of a command, a line each, with the unit
# separator between them: unlike a tab, read(1) does not drop an empty one.
options_of() {
  "$brink" help "$1" | awk '
    function flush() {
      if (name != "")
        print name "\037" letter "\037" argument "\037" help
      name = ""
    }
    /^  -/ {
      flush()
      line = substr($0, 3)
      letter = ""
      if (line ~ /^-[a-zA-Z],/) {
        letter = substr(line, 2, 1)
        line = substr(line, 5)
      }
      at = match(line, /  +/)
      help = at ? substr(line, at + RLENGTH) : ""
      line = at ? substr(line, 1, at - 1) : line
      name = line
      sub(/ .*/, "", name)
      argument = line ~ / / ? substr(line, index(line, " ") + 1) : ""
      next
    }
    /^          / {
      text = $0
      sub(/^ +/, "", text)
      help = help == "" ? text : help " " text
      next
    }
    { flush() }
    END { flush() }'
}

# What may stand for an argument: words, FILE, or FIGURE.
values_of() {
  case $1 in
    FILE) echo FILE ;;
    EXPR) echo FIGURE ;;
    NAME=VALUE)
      { "$brink" run --limit '?' 2>&1 || true; } |
        sed 's/.*allowed are //; s/\.K/.0/; s/ and /, /; s/,//g; s/[a-z.0-9-]\{1,\}/&=/g' ;;
    *) tr '|' '\n' <<<"$1" | grep '^[a-z]' | paste -sd' ' || true ;;
  esac
}

# What the operands are: RUN, QUERY, COMMAND, or nothing.
operand_kind() {
  case $1 in
    *RUN*) echo RUN ;;
    *SQL*) echo QUERY ;;
  esac
}

words() {
  paste -sd' '
}

write_bash() {
  local command name letter argument values

  cat <<'EOF'
# Bash completion for brink.
# Made by tools/completion.sh from brink's own help.

_brink()
{
  local -r commands='
EOF
  commands | cut -f1 | paste -sd' ' | fold -sw 90 | sed 's/^/    /; s/ *$//'
  printf "  '\n  local -rA options=(\n"
  while IFS=$'\t' read -r command _; do
    [[ $command == help ]] && continue
    printf "    [%s]='\n" "$command"
    { options_of "$command" | cut -d $'\037' -f1; echo --help; } | words | fold -sw 80 |
      sed 's/^/      /; s/ *$//'
    printf "    '\n"
  done < <(commands)
  printf '  )\n  # What an option takes: words, a FILE, or a FIGURE.\n  local -rA values=(\n'
  while IFS=$'\t' read -r command _; do
    [[ $command == help ]] && continue
    while IFS=$'\037' read -r name letter argument _; do
      values=$(values_of "$argument")
      [[ -n $values ]] || continue
      printf "    ['%s %s']='%s'\n" "$command" "$name" "$values"
      [[ -z $letter ]] || printf "    ['%s -%s']='%s'\n" "$command" "$letter" "$values"
    done < <(options_of "$command")
  done < <(commands)
  printf '  )\n  local -rA operands=(\n'
  while IFS=$'\t' read -r command _; do
    [[ $command == help ]] && continue
    values=$(operand_kind "$(operands_of "$command")")
    [[ -z $values ]] || printf "    [%s]=%s\n" "$command" "$values"
  done < <(commands)
  cat <<'EOF'
    [help]=COMMAND
  )
  local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
  local command=${COMP_WORDS[1]} kind

  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W "$commands --help --version" -- "$current")
    return
  fi

  # Bash takes "--name=value" for three words.
  if [[ $current == = ]]; then
    current=
  elif [[ $option == = ]]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
  fi

  kind=${values[$command $option]-}
  if [[ -z $kind && $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "${options[$command]-}" -- "$current")
    return
  fi
  [[ -n $kind ]] || kind=${operands[$command]-}
  case $kind in
    FILE)
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    FIGURE)
      kind=$("${COMP_WORDS[0]}" figures 2>/dev/null | awk 'NR > 1 { print $1 }') ;;&
    QUERY)
      kind=$("${COMP_WORDS[0]}" query --list 2>/dev/null | awk '{ print $1 }') ;;&
    COMMAND)
      kind=$commands ;;&
    RUN)
      kind=last ;;&
    '')
      mapfile -t COMPREPLY < <(compgen -W "${options[$command]-}" -- "$current") ;;
    *)
      mapfile -t COMPREPLY < <(compgen -W "$kind" -- "$current")
      [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace ;;
  esac
}

complete -F _brink brink
EOF
}

# Text between the brackets of an _arguments specification.
zsh_escape() {
  sed -e 's/[]:[\\]/\\&/g' -e "s/'/'\\\\''/g"
}

zsh_action() {
  local values

  values=$(values_of "$1")
  case $values in
    FILE) echo '_files' ;;
    FIGURE) echo '_brink_figures' ;;
    '') echo ' ' ;;
    *=*) printf '{compadd -S "" -- %s}\n' "$values" ;;
    *) printf '(%s)\n' "$values" ;;
  esac
}

write_zsh_options() {
  local name letter argument help text action

  while IFS=$'\037' read -r name letter argument help; do
    text=$(zsh_escape <<<"$help")
    action=
    if [[ -n $argument ]]; then
      action=":$(zsh_escape <<<"$argument"):$(zsh_action "$argument")"
      name="$name="
    fi
    printf "        '*%s[%s]%s' \\\\\n" "$name" "$text" "$action"
    [[ -z $letter ]] || printf "        '*-%s[%s]%s' \\\\\n" "$letter" "$text" "$action"
  done < <(options_of "$1")
}

write_zsh() {
  local command summary kind

  cat <<'EOF'
#compdef brink
# Made by tools/completion.sh from brink's own help.

_brink_figures() {
  local -a figures
  figures=(${(f)"$(_call_program figures brink figures 2>/dev/null | awk 'NR > 1 { print $1 }')"})
  compadd -S ' ' -a figures
}

_brink_queries() {
  local -a queries
  queries=(${(f)"$(_call_program queries brink query --list 2>/dev/null | awk '{ print $1 }')"})
  compadd -a queries
}

_brink() {
  local -a commands
  commands=(
EOF
  while IFS=$'\t' read -r command summary; do
    printf "    '%s:%s'\n" "$command" "$(zsh_escape <<<"$summary")"
  done < <(commands)
  cat <<'EOF'
  )
  if ((CURRENT == 2)); then
    _describe -t commands command commands
    return
  fi
  shift words
  ((CURRENT--))
  case $words[1] in
EOF
  while IFS=$'\t' read -r command _; do
    [[ $command == help ]] && continue
    kind=$(operand_kind "$(operands_of "$command")")
    printf "    %s)\n      _arguments \\\\\n" "$command"
    write_zsh_options "$command"
    case $kind in
      RUN) printf "        '--help[list the options]' '*:run:(last)' ;;\n" ;;
      QUERY) printf "        '--help[list the options]' '*:query:_brink_queries' ;;\n" ;;
      *) printf "        '--help[list the options]' ;;\n" ;;
    esac
  done < <(commands)
  cat <<'EOF'
    help)
      _describe -t commands command commands ;;
  esac
}

_brink "$@"
EOF
}

case $shell in
  bash) write_bash ;;
  zsh) write_zsh ;;
  *) echo "usage: completion.sh bash|zsh BRINK" >&2; exit 2 ;;
esac
