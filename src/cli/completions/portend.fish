# SPDX-License-Identifier: MIT
# Completion of portend for fish. Reads commands and options from the help of the installed version.

# Prints a line for each name of each option: NAME, the kind of its value or "-", and its description, with
# tabs.
function __portend_options
    for line in ($argv --help 2>/dev/null | string match -r '^ +-.*')
        set -l parts (string match -r '^ +(\S.*?)  +(.*)$' -- $line)
        set -l names (string split ' ' -- (string replace -a , '' -- $parts[2]))
        set -l type -
        string match -q -- '-*' $names[-1]; or set type $names[-1]
        for name in (string match -- '-*' $names)
            printf '%s\t%s\t%s\n' $name $type $parts[3]
        end
    end
end

function __portend_commands
    $argv --help 2>/dev/null | string match -r '^  portend [a-z]+ .*' | string replace -r '^  portend ([a-z]+) .*?  +(.*)$' '$1\t$2'
end

function __portend_listening_ports
    $argv who --json 2>/dev/null | string replace -a '},{' \n | string replace -rf '.*"port":([0-9]+).*"process":(?:null|"(.*?)").*' '$1\t$2' | sort -un
end

function __portend_value
    switch $argv[1]
        case FILE
            __fish_complete_path (commandline -ct)
        case PID
            __fish_complete_pids
        case 'NAME|N'
            printf '%s\n' TERM INT HUP QUIT KILL USR1 USR2
        case HOST
            __fish_print_hostnames
    end
end

# Completes what may be written where no option is.
function __portend_words
    switch "$argv[2]"
        case who kill
            __portend_listening_ports $argv[1]
        case ''
            printf '%s\t%s\n' occupied 'A server accepts connections' free 'No server does' \
                bindable 'A server could listen there now' drained 'No connection is left'
    end
end

function __portend_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l program $words[1]
    set -l commands (__portend_commands $program)
    set -l verb
    if set -q words[2]; and string match -q -- $words[2]\t'*' $commands
        set verb $words[2]
    end
    set -l options (__portend_options $program $verb)
    set -l type (string match -r -- '^'(string escape --style=regex -- $words[-1])'\t[^-\t].*' $options | string split -f 2 \t)
    if test -n "$type"
        __portend_value $type
    else if string match -q -- '-*' $word
        string replace -r '\t.*?\t' '\t' -- $options
    else if not set -q words[2]
        printf '%s\n' $commands
        __fish_print_hostnames
    else
        __portend_words $program $verb
    end
end

function __portend_runs_other_command
    contains -- -- (commandline -opc)
end

# Completes what is after -- as another command line.
function __portend_other_command
    set -l words (commandline -opc)
    set -e words[1..(contains -i -- -- $words)]
    complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end

complete -c portend -f
complete -c portend -n 'not __portend_runs_other_command' -a '(__portend_complete)'
complete -c portend -n __portend_runs_other_command -x -a '(__portend_other_command)'
