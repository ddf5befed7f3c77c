// SPDX-License-Identifier: MIT
#include "help.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

namespace portend::cli {

namespace {

constexpr std::size_t column_of_description = 30;

constexpr HelpText of_wait{R"(Waits until TCP ports are up or gone, finds free ones, and tells who has them.

  portend HOST:PORT... STATE [options] [-- COMMAND [ARG...]]
  portend find [options]                  print a port that can be bound now
  portend reserve [options] -- COMMAND    reserve a port and run COMMAND with it
  portend who [PORT...]                   print which processes listen
  portend kill PORT... [options]          end what listens, wait until free
  portend watch HOST:PORT... [options]    print each change of state

STATE is occupied (something accepts connections) or free (nothing does).
COMMAND runs in place of portend once all targets are in that state.
'portend find --help' and so on tell more of the others.
)",
                           R"(
TIME is 3 or 0.25 (seconds), 100us, 500ms, 2m, 1h, or for -t inf.

--json prints one object: wanted, status (0, or that of the library), success,
message and targets, each with host, port, state, reached, reason, address,
elapsed_us and probes.

Exit codes:
  0  it is so                    3    a name cannot be resolved
  1  not in time, or PID died    4    the system refused something
  2  wrong usage                 126  COMMAND cannot be run; 127: there is none
An interrupted wait dies of the signal. COMMAND's exit code is its own.

Examples:
  portend db:5432 cache:6379 occupied -t 30 -- ./server
  portend localhost:8080 free -t 500ms || portend who 8080
)"};

constexpr HelpText of_find{R"(Prints a port that can be bound now, on 127.0.0.1, ::1 and all addresses.

  portend find [options]
)",
                           R"(
--from, --for and --prefer also give a port with TIME_WAIT or connections of a
server that is gone: a server that sets SO_REUSEADDR can bind it. --for NAME
gives the same port on every machine, from 10000-29999 unless --range is given.

Another program may take the port before you do. --park leaves it in TIME_WAIT:
for a minute the system hands it to no process, and a server that sets
SO_REUSEADDR can bind it. 'portend reserve' keeps it as long as a server runs.

Exit codes:
  0  found                       3  HOST cannot be resolved
  1  no port fits the options    4  the system refused something
  2  wrong usage

Examples:
  PORT=$(portend find)
  portend find --from 3000 --browser-safe
  portend find -n 3 --consecutive --range 8000-8999 --exclude 8080
  portend find --for "$PWD"
)"};

constexpr HelpText of_reserve{R"(Reserves a port, and runs COMMAND with it.

  portend reserve [options] -- COMMAND [ARG...]

COMMAND finds the port in $PORT (all of them, with -n or --name, in $PORTS) and
binds it by number: it must set SO_REUSEADDR, as most servers do. So can any
other program that asks for this very number with SO_REUSEADDR; the system hands
the port to none, and no second reservation gets it. COMMAND inherits a high
descriptor, which keeps the port until the last process has ended that
inherited it.
)",
                              R"(
With --listen COMMAND gets sockets that listen, from descriptor 3 on, as
sd_listen_fds(3) tells: LISTEN_FDS says how many, LISTEN_FDNAMES calls each
port-NUMBER, or as --name does. A port for UDP is handed over in this way alone.
Descriptors of yours that would be overwritten are an error.

Exit codes: those of COMMAND, or
  1  no port fits the options    4    the system refused something
  2  wrong usage                 126  COMMAND cannot be run
  3  HOST cannot be resolved     127  COMMAND is not there

Examples:
  portend reserve --from 8000 -- sh -c 'exec python3 -m http.server $PORT'
  portend reserve --name WEB --name DB -- sh -c './serve $WEB_PORT $DB_PORT'
  portend reserve --listen --prefer 8080 -- ./socket-activated-server
)"};

constexpr HelpText of_who{R"(Prints which processes listen on TCP ports, and what else keeps a port in use.

  portend who [PORT|A-B|SERVICE]... [options]

Without ports, all listeners are printed. For a port without a listener, stderr
says what has it: a socket that is bound and does not listen, a connection with
its peer, or TIME_WAIT with its seconds. Whether the port is forwarded elsewhere
is found out by connecting to it on addresses of this machine.
)",
                          R"(
A listener on *:PORT takes IPv4 and IPv6. "-" is what this user may not see, or
what does not exist. Other network namespaces (containers) are out of sight.
--json prints an array of objects: address, port, dual_stack, pid, process,
user, kind (listening, bound, connected, time_wait or udp), peer_address,
peer_port, parent_pid, command_line and remaining_ms; null is what "-" is.

Exit codes:
  0  a socket was printed        2  wrong usage
  1  nothing listens there       4  the system does not tell, or refused

Examples:
  portend who 8080 https
  portend who 8000-8999 --udp --all --json
)"};

constexpr HelpText of_kill{R"(Ends the processes that listen on TCP ports, and waits until the ports are free.

  portend kill PORT... [options]

PORT is a number or a service such as http. Each process that listens there
gets TERM, and is printed. A process that keeps the port when its server has
ended, as a worker may, gets the same. With --force, what is left after --grace
gets KILL.
)",
                           R"(
TIME is 3 or 0.25 (seconds), 100us, 500ms, 2m, 1h, or for -t inf.
Process 1, this program and its ancestors, and processes that this user may not
signal are refused; then nothing is signaled.

Exit codes:
  0  the ports are free          2  wrong usage
  1  not free in time, or        4  the system refused, or hides the process
     refused as said above

Examples:
  portend kill 3000
  portend kill 3000 5432 --signal INT --force --grace 2 -t 5
)"};

constexpr HelpText of_watch{R"(Prints a line for each change of state of the targets, until interrupted.

  portend watch HOST:PORT... [options]
)",
                            R"(
TIME is 3 or 0.25 (seconds), 100us, 500ms, 2m or 1h.

--json prints an object a line: time (RFC 3339, UTC), monotonic_ns, host, port,
state (occupied or free), reason and address. Each line is written at once.

Example:
  portend watch db:5432 --json | jq .state
)"};

/// "-t, --timeout TIME"
std::string left_column(const CLI::Option& option) {
  std::string text = "  ";
  const auto& letters = option.get_snames();
  const auto& words = option.get_lnames();
  text += letters.empty() ? "    " : "-" + letters.front() + (words.empty() ? "" : ", ");
  if (!words.empty()) text += "--" + words.front();
  if (option.get_items_expected_max() > 0) text += " " + option.get_type_name();
  return text;
}

}  // namespace

HelpText help_text(std::string_view verb) {
  if (verb == "find") return of_find;
  if (verb == "reserve") return of_reserve;
  if (verb == "who") return of_who;
  if (verb == "kill") return of_kill;
  if (verb == "watch") return of_watch;
  return of_wait;
}

std::string help(const CLI::App& app) {
  const auto [usage, footer] = help_text(app.get_name());
  std::string text(usage);
  text += "\nOptions:\n";
  for (const auto* option : app.get_options()) {
    auto left = left_column(*option);
    left.resize(std::max(left.size() + 2, column_of_description), ' ');
    text += left + option->get_description() + "\n";
  }
  return text.append(footer);
}

}  // namespace portend::cli
