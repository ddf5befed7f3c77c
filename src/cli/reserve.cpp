// SPDX-License-Identifier: MIT
// portend reserve -- COMMAND
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "commands.hpp"
#include "execute.hpp"
#include "exit_codes.hpp"
#include "finder_options.hpp"
#include "print_error.hpp"

namespace portend::cli {

namespace {

/// Where sd_listen_fds(3) looks for the first socket.
constexpr int first_inherited = 3;
constexpr int backlog = 4096;

struct Inheritance {
  std::vector<int> sockets;
  std::string names;  // LISTEN_FDNAMES
  std::string ports;
};

std::vector<Reservation> reserve_all(const FindOptions& options) {
  const auto finder = make_finder(options);
  std::vector<Reservation> reservations(parse_count(options.count));
  for (auto& reservation : reservations) {
    portend_reservation* made = nullptr;
    check(portend_reservation_create(finder.get(), &made));
    reservation.reset(made);
    if (options.listen) check(portend_reservation_listen(made, backlog));
  }
  return reservations;
}

void append(std::string& list, char separator, const std::string& item) {
  if (!list.empty()) list += separator;
  list += item;
}

Inheritance inheritance_of(const std::vector<Reservation>& reservations) {
  Inheritance result;
  for (const auto& reservation : reservations) {
    const auto port = std::to_string(portend_reservation_port(reservation.get()));
    append(result.ports, ' ', port);
    for (int i = 0; i < portend_reservation_fd_count(reservation.get()); ++i) {
      result.sockets.push_back(portend_reservation_fd(reservation.get(), i));
      append(result.names, ':', "port-" + port);
    }
  }
  return result;
}

/// Puts copies of the sockets, which the command inherits, where the convention has them.
void inherit_sockets(const std::vector<int>& sockets) {
  const int behind = first_inherited + static_cast<int>(sockets.size());
  std::vector<int> safe;  // out of the way of what is overwritten
  safe.reserve(sockets.size());
  for (const int socket : sockets) safe.push_back(fcntl(socket, F_DUPFD_CLOEXEC, behind));
  for (std::size_t i = 0; i < safe.size(); ++i) {
    if (safe[i] < 0 || dup2(safe[i], first_inherited + static_cast<int>(i)) < 0) {
      throw LibraryFailure{PORTEND_ERR_SYSTEM, std::string("The sockets could not be handed over: ") +
                                                   std::strerror(errno) + "."};
    }
  }
}

}  // namespace

int reserve(const FindOptions& options, const Command& command) {
  if (command.empty()) {
    throw UsageError("The command is missing: write it behind --, as in 'portend reserve -- ./server'.");
  }
  const auto reservations = reserve_all(options);
  const auto inheritance = inheritance_of(reservations);
  const auto first_port = std::to_string(portend_reservation_port(reservations.front().get()));
  setenv("PORT", first_port.c_str(), 1);
  setenv("PORTS", inheritance.ports.c_str(), 1);
  setenv("LISTEN_FDS", std::to_string(inheritance.sockets.size()).c_str(), 1);
  setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
  setenv("LISTEN_FDNAMES", inheritance.names.c_str(), 1);
  inherit_sockets(inheritance.sockets);
  return execute(command);
}

}  // namespace portend::cli
