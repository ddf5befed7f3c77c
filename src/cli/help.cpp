// SPDX-License-Identifier: MIT
#include "help.hpp"

#include <algorithm>
#include <utility>

#include <CLI/CLI.hpp>

namespace portend::cli {

namespace {

constexpr std::size_t column_of_description = 30;

constexpr HelpText of_wait{R"(Waits until TCP ports are occupied or free; finds, reserves and watches ports.

  portend TARGET... STATE [TARGET... STATE]... [options] [-- COMMAND [ARG...]]
  portend find [options]                  print a port that can be bound now
  portend reserve [options] -- COMMAND    reserve a port and run COMMAND with it
  portend run -s SERVER... [-- COMMAND]   start servers, run COMMAND, stop them
  portend who [PORT...]                   print which processes listen
  portend kill PORT... [options]          end listeners, wait until free
  portend watch TARGET... [options]       print each change of state

TARGET is HOST:PORT, HOST:SERVICE, *:PORT or a URL. STATE is occupied (a server
accepts connections), free (none does), bindable or drained. COMMAND replaces
portend when every target is in its state. 'portend find -h' describes find.
)",
                           R"(
bindable: a server that sets SO_REUSEADDR could listen there now. drained: no
connection of that port is left, except in TIME_WAIT. Both for local ports only.

A state belongs to the targets before it. An IPv6 address needs brackets, as in
[::1]:80 or [fe80::1%eth0]:80. The port of a URL, if it names none, comes from
services(5). Its user, password, path and query are ignored and never printed.

TIME is 3 or 0.25 (seconds), 500ms, 2m, 1h30m, 1d, or for -t inf. A and B are
such times: the interval of probes grows from A to B.

-v prints what is found. If stderr is not a terminal, it also prints a line at
the start, for each new reason why a target has not reached its state, and once
a minute.

--json prints one object: status (0, or that of the library), success, message
and targets, each with host, port, wanted, state, reached, reason, address,
elapsed_us and probes.

Exit codes:
  0  every target is in its state   3    a name cannot be resolved
  1  not in time, or PID has ended  4    the system refused something
  2  wrong usage                    126  COMMAND cannot be run; 127: not found
COMMAND has its own exit code. SIGINT, SIGTERM and SIGHUP print why a target is
not in its state and end portend by that signal; as process 1 of a container it
exits with 128 + the number of the signal.

Examples:
  portend db:5432 cache:6379 occupied -t 30 -- ./server
  portend "$DATABASE_URL" occupied old:8080 free -t 2m -v
  portend localhost:8080 free -t 500ms || portend who 8080
)"};

constexpr HelpText of_find{R"(Prints a port that can be bound now, on 127.0.0.1, ::1 and all addresses.

  portend find [options]
)",
                           R"(
--from, --for and --prefer also give a port with TIME_WAIT or connections of a
server that has ended: a server that sets SO_REUSEADDR can bind it. --for NAME
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
binds it by number. It must set SO_REUSEADDR, as most servers do. Any program
that sets it can bind this number; the system hands the port to no other, and a
second reservation does not get it. COMMAND inherits a high descriptor, which
keeps the port until every process that inherited it has ended.
)",
                              R"(
With --listen, COMMAND gets listening sockets from descriptor 3 on, as described
in sd_listen_fds(3). LISTEN_FDS is their number. LISTEN_FDNAMES has their names:
port-NUMBER, or those of --name. A port for UDP can be handed over only in this
way. It is an error if you have one of these descriptors open.

Exit codes: those of COMMAND, or
  1  no port fits the options    4    the system refused something
  2  wrong usage                 126  COMMAND cannot be run
  3  HOST cannot be resolved     127  COMMAND not found

Examples:
  portend reserve --from 8000 -- sh -c 'exec python3 -m http.server $PORT'
  portend reserve --name WEB --name DB -- sh -c './serve $WEB_PORT $DB_PORT'
  portend reserve --listen --prefer 8080 -- ./socket-activated-server
)"};

constexpr HelpText of_run{R"(Starts servers, waits until they listen, runs COMMAND, and stops the servers.

  portend run [options] -s '[NAME:] LINE'... [-- COMMAND [ARG...]]
  portend run [options] -f PROCFILE [-- COMMAND [ARG...]]

Each LINE is run by sh. It finds its port in $PORT, and those of all servers in
$NAME_PORT; each port is reserved until its server is stopped. A LINE without
these chooses its port: $NAME_PORT is the first one. Without COMMAND, the
servers run until portend is interrupted.
)",
                          R"(
A server is ready when it or a process that it started listens. Servers are
stopped in reverse order, with all processes that they started: TERM, and KILL
after --grace. This also happens if portend itself is killed. --any-owner NAME
is for a LINE that asks another process to serve, as 'docker run' does.
--no-reserve NAME is for a server without SO_REUSEADDR, which cannot bind a
reserved port.

The output of servers goes to stderr, each line with its NAME. COMMAND has
stdin and the terminal. If a server ends before COMMAND, COMMAND gets TERM.
--json prints the events started, ready and exited, on stdout.

Exit codes: those of COMMAND, or
  0  all servers were stopped    125  a server failed
  1  not ready in time           126  COMMAND cannot be run
  2  wrong usage                 127  COMMAND not found
SIGINT, SIGTERM and SIGHUP stop all; a second one sends KILL at once. portend
ends by that signal; as process 1 of a container it exits with 128 + its number.

Examples:
  portend run -s 'redis-server --port $PORT' -- pytest
  portend run -s 'web: rails s -p $PORT' -s 'db: postgres -p $PORT' -- ./test
  portend run -s 'docker run -p $PORT:80 nginx' --any-owner docker -- ./test
)"};

constexpr HelpText of_who{R"(Prints which processes listen on TCP ports, and what else keeps a port in use.

  portend who [PORT|A-B|SERVICE]... [options]

Without ports, all listeners are printed. For a port without a listener, stderr
says what has it: a socket that is bound and does not listen, a connection with
its peer, or TIME_WAIT with its seconds. portend also connects to the port on
addresses of this machine, to see whether it is forwarded.
)",
                          R"(
A listener on *:PORT takes IPv4 and IPv6. "-" stands for values that do not
exist, or that this user may not see. Other network namespaces (containers)
are not visible.
--json prints an array of objects: address, port, dual_stack, pid, process,
user, kind (listening, bound, connected, time_wait or udp), peer_address,
peer_port, parent_pid, command_line and remaining_ms; null stands for "-".

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
gets TERM, and is printed. A process that still has the port after its server
has ended, such as a worker, gets the same. With --force, processes that remain
after --grace get KILL.
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

constexpr HelpText of_watch{R"(Prints each change of state of the targets, until it is interrupted.

  portend watch TARGET... [options]

TARGET is HOST:PORT, HOST:SERVICE, *:PORT or a URL. On a terminal a table is
updated in place. Otherwise each change is a line, which is written at once.
)",
                            R"(
TIME is 3 or 0.25 (seconds), 500ms, 2m, 1h30m, 1d, or for -t inf. A and B are
such times: the interval of probes grows from A to B.

--json prints one object per line: time (RFC 3339, UTC), monotonic_ns, host,
port, state (occupied or free), reason and address.

--openmetrics writes FILE at each change and every 15 seconds, for the textfile
collector of Prometheus' node_exporter. FILE is replaced as a whole.

Exit codes:
  0  -t or --count is over       3  a name cannot be resolved
  2  wrong usage                 4  the system refused something

Examples:
  portend watch db:5432 --json | jq .state
  portend watch web:443 db:5432 --openmetrics /var/lib/metrics/portend.prom
)"};

constexpr std::size_t width = 78;

/// Returns "-t, --timeout TIME".
std::string names_and_type(const CLI::Option& option) {
  const auto& letters = option.get_snames();
  const auto& words = option.get_lnames();
  std::string text = letters.empty() ? "" : "-" + letters.front();
  if (!words.empty()) text += (text.empty() ? "--" : ", --") + words.front();
  if (option.get_items_expected_max() > 0) text += " " + option.get_type_name();
  return text;
}

/// Aligns names of options without a letter with those of the others.
std::string left_column(const CLI::Option& option) {
  return (option.get_snames().empty() ? "      " : "  ") + names_and_type(option);
}

/// Returns "Example:" and the first example.
std::string first_example(std::string_view footer) {
  const auto title = footer.find("Example");
  if (title == footer.npos) return {};
  const auto start = footer.find('\n', title) + 1;
  return "\nExample:\n" + std::string(footer.substr(start, footer.find('\n', start) + 1 - start));
}

}  // namespace

HelpText help_text(std::string_view verb) {
  if (verb == "find") return of_find;
  if (verb == "reserve") return of_reserve;
  if (verb == "run") return of_run;
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

std::string short_help(const CLI::App& app) {
  const auto command = "portend " + (app.get_name().empty() ? "" : app.get_name() + " ") + "--help";
  const auto [usage, footer] = help_text(app.get_name());
  std::string text(usage);
  text += "\nOptions ('" + command + "' explains them):\n";
  std::string line;
  for (const auto* option : app.get_options()) {
    const auto item = "  " + names_and_type(*option);
    if (line.size() + item.size() > width) text += std::exchange(line, "") + "\n";
    line += item;
  }
  return text.append(line).append("\n").append(first_example(footer));
}

}  // namespace portend::cli
