# SPDX-License-Identifier: MIT
# Completion of portend for bash. Reads commands and options from the help of the installed version.
# shellcheck shell=bash disable=SC2207  # no word that is offered has a blank

# Prints a line for each option, such as "-t --timeout TIME".
_portend_options() {
  "$1" ${2:+"$2"} --help 2>/dev/null | sed -n '/^Options:/,/^$/s/^ *\(-.*\)/\1/p' | sed 's/  .*//; s/,//g'
}

_portend_commands() {
  "$1" --help 2>/dev/null | sed -n 's/^  portend \([a-z][a-z]*\) .*/\1/p'
}

_portend_listening_ports() {
  "$1" who --json 2>/dev/null | grep -o '"port":[0-9]*' | tr -dc '0-9\n' | sort -un
}

# Prints the kind of value of the option $3, such as TIME; nothing for an option without a value.
_portend_type() {
  local row
  while read -r row; do
    [[ " $row " == *" $3 "* && ${row##* } != -* ]] && echo "${row##* }"
  done < <(_portend_options "$1" "$2")
}

_portend_value() {
  case $1 in
    FILE) compgen -f -- "$2" ;;
    PID) compgen -W "$(cd /proc 2>/dev/null && printf '%s ' [0-9]*)" -- "$2" ;;
    'NAME|N') compgen -W 'TERM INT HUP QUIT KILL USR1 USR2' -- "$2" ;;
    HOST) compgen -A hostname -- "$2" ;;
  esac
}

# Completes what may be written where no option is.
_portend_words() {
  case $2 in
    who | kill) _portend_listening_ports "$1" ;;
    '') echo occupied free bindable drained ;;
  esac
}

# Completes the words from index $1 on as another command line.
_portend_other_command() {
  if declare -F _command_offset >/dev/null; then
    _command_offset "$1"
  elif ((COMP_CWORD == $1)); then
    COMPREPLY=($(compgen -c -- "$2"))
  else
    COMPREPLY=($(compgen -f -- "$2"))
  fi
}

_portend() {
  local program=$1 word=$2 before=$3 verb='' commands type i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ ${COMP_WORDS[i]} == -- ]]; then
      _portend_other_command $((i + 1)) "$word"
      return
    fi
  done
  commands=$(_portend_commands "$program")
  if ((COMP_CWORD > 1)) && [[ $'\n'$commands$'\n' == *$'\n'"${COMP_WORDS[1]}"$'\n'* ]]; then
    verb=${COMP_WORDS[1]}
  fi
  type=$([[ $before == -* ]] && _portend_type "$program" "$verb" "$before")
  if [[ -n $type ]]; then
    COMPREPLY=($(_portend_value "$type" "$word"))
  elif [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$(_portend_options "$program" "$verb" | tr ' ' '\n' | grep '^-')" -- "$word"))
  elif ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "$commands" -A hostname -- "$word"))
  else
    COMPREPLY=($(compgen -W "$(_portend_words "$program" "$verb")" -- "$word"))
  fi
}

complete -F _portend portend
