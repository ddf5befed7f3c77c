// SPDX-License-Identifier: MIT
// portend reserve -- COMMAND
#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "commands.hpp"
#include "execute.hpp"
#include "finder_options.hpp"
#include "listen_fds.hpp"
#include "print_error.hpp"
#include "text.hpp"

namespace portend::cli {

namespace {

constexpr int backlog = 4096;

bool is_letter(char byte) { return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z'); }
bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

/// Converts "web" to WEB_PORT.
std::string variable_of(const std::string& name) {
  const auto is_allowed = [](char byte) { return is_letter(byte) || is_digit(byte) || byte == '_'; };
  if (name.empty() || !is_letter(name[0]) || !std::ranges::all_of(name, is_allowed)) {
    throw UsageError(
        "'" + printable(name) +
        "' cannot be the name of a port: write a letter, then letters, digits and _, as in WEB.");
  }
  std::string variable = name + "_PORT";
  std::ranges::transform(variable, variable.begin(),
                         [](char byte) { return static_cast<char>(std::toupper(byte)); });
  return variable;
}

std::vector<std::string> variables_of(const std::vector<std::string>& names) {
  std::vector<std::string> variables;
  std::set<std::string> known;
  for (const auto& name : names) {
    variables.push_back(variable_of(name));
    if (!known.insert(variables.back()).second) {
      throw UsageError("Two ports would be $" + variables.back() + ": write each --name once.");
    }
  }
  return variables;
}

void refuse_what_cannot_be(const FindOptions& options, const Command& command) {
  if (command.empty()) {
    throw UsageError("The command is missing: write it after --, as in 'portend reserve -- ./server'.");
  }
  if (options.no_listen_pid && !options.listen) {
    throw UsageError("--no-listen-pid goes with --listen: without it no socket is handed over.");
  }
  if (options.udp && !options.listen) {
    throw UsageError(
        "--udp goes with --listen: a port that is reserved for UDP cannot be bound by number, only handed "
        "over "
        "by descriptor.");
  }
}

void set_variable(const std::string& name, const std::string& value) {
  if (setenv(name.c_str(), value.c_str(), 1) == 0) return;
  throw LibraryFailure{PORTEND_ERR_SYSTEM, "$" + name + " could not be set: " + std::strerror(errno) + "."};
}

void tell_ports(const std::vector<Reservation>& reservations, const std::vector<std::string>& variables) {
  std::string all;
  for (std::size_t i = 0; i < reservations.size(); ++i) {
    const auto port = std::to_string(portend_reservation_port(reservations[i].get()));
    if (i == 0) set_variable("PORT", port);
    if (!variables.empty()) set_variable(variables[i], port);
    all += (all.empty() ? "" : " ") + port;
  }
  set_variable("PORTS", all);
}

/// The listening sockets of all ports; those of one port are adjacent.
std::vector<NamedSocket> listening_sockets(const std::vector<Reservation>& reservations,
                                           const std::vector<std::string>& names) {
  std::vector<NamedSocket> sockets;
  for (std::size_t i = 0; i < reservations.size(); ++i) {
    auto* const reservation = reservations[i].get();
    check(portend_reservation_listen(reservation, backlog));
    const auto name =
        names.empty() ? "port-" + std::to_string(portend_reservation_port(reservation)) : names[i];
    for (int index = 0; index < portend_reservation_fd_count(reservation); ++index) {
      const int descriptor = portend_reservation_fd(reservation, index);
      if (descriptor < 0) throw LibraryFailure{PORTEND_ERR_SYSTEM, "The system refused a socket for UDP."};
      sockets.push_back({descriptor, name});
    }
  }
  return sockets;
}

}  // namespace

int reserve(const FindOptions& options, const Command& command) {
  refuse_what_cannot_be(options, command);
  const auto variables = variables_of(options.port_names);
  const auto reservations = make_reservations(options);
  tell_ports(reservations, variables);
  if (options.listen) {
    hand_over(listening_sockets(reservations, options.port_names), !options.no_listen_pid);
  } else {
    for (const auto& reservation : reservations) check(portend_reservation_inherit(reservation.get()));
  }
  return execute(command);
}

}  // namespace portend::cli
