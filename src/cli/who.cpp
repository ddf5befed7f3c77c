// SPDX-License-Identifier: MIT
// portend who [PORT]...
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "handles.hpp"
#include "output.hpp"
#include "print_error.hpp"
#include "text.hpp"

namespace portend::cli {

namespace {

struct Listener {
  std::string address;
  int port = 0;
  bool dual_stack = false;
  long long pid = 0;
  std::string process;
  std::string user;
};

void collect(int port, std::vector<Listener>& found) {
  portend_sockets* made = nullptr;
  check(portend_sockets_create(port == 0 ? 1 : port, port == 0 ? 65535 : port, PORTEND_SOCKETS_LISTENING,
                               &made));
  const Sockets sockets(made);
  for (int i = 0; i < portend_sockets_count(made); ++i) {
    found.push_back({portend_sockets_address(made, i), portend_sockets_port(made, i),
                     portend_sockets_dual_stack(made, i) != 0, portend_sockets_pid(made, i),
                     portend_sockets_process(made, i), portend_sockets_user(made, i)});
  }
}

/// "127.0.0.1:80", "[::1]:80", and "*:80" for both families.
std::string address_text(const Listener& listener) {
  const auto port = std::to_string(listener.port);
  if (listener.dual_stack) return "*:" + port;
  if (listener.address.find(':') != std::string::npos) return "[" + listener.address + "]:" + port;
  return listener.address + ":" + port;
}

void print_list(const std::vector<Listener>& listeners) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  const auto or_null = [](const auto& value, bool known) {
    return known ? nlohmann::ordered_json(value) : nullptr;
  };
  for (const auto& each : listeners) {
    list.push_back({{"address", each.address},
                    {"port", each.port},
                    {"dual_stack", each.dual_stack},
                    {"pid", or_null(each.pid, each.pid != 0)},
                    {"process", or_null(each.process, each.pid != 0)},
                    {"user", or_null(each.user, !each.user.empty())}});
  }
  print_json(list);
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

void print_table(const std::vector<Listener>& listeners) {
  using Row = std::array<std::string, 4>;
  std::vector<Row> rows{{"ADDRESS", "PID", "PROCESS", "USER"}};
  for (const auto& each : listeners) {
    rows.push_back({address_text(each), each.pid == 0 ? "-" : std::to_string(each.pid),
                    each.pid == 0 ? "-" : printable(each.process),
                    each.user.empty() ? "-" : printable(each.user)});
  }
  std::array<std::size_t, 3> widths{};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string table;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < widths.size(); ++i) table += padded(row[i], widths[i]) + "  ";
    table += row.back() + "\n";
  }
  print(table);
}

void tell_what_is_hidden(const std::vector<Listener>& listeners) {
  const auto hidden = std::ranges::count(listeners, 0, &Listener::pid);
  if (hidden == 0) return;
  print_error("portend: the processes of " + std::to_string(hidden) + " of " +
              std::to_string(listeners.size()) +
              " listeners may not be seen by this user, or are outside of this container.");
}

void tell_where_nobody_listens(const std::set<int>& ports, const std::vector<Listener>& listeners) {
  for (const int port : ports) {
    if (std::ranges::find(listeners, port, &Listener::port) != listeners.end()) continue;
    print_error("Nobody listens on port " + std::to_string(port) + ".");
  }
  if (ports.empty() && listeners.empty()) print_error("Nobody listens on this machine.");
}

}  // namespace

int who(const WhoOptions& options) {
  std::set<int> ports;
  for (const auto& port : options.ports) ports.insert(parse_port(port));
  std::vector<Listener> found;
  if (ports.empty()) collect(0, found);
  for (const int port : ports) collect(port, found);
  if (options.json) {
    print_list(found);
  } else if (!found.empty()) {
    print_table(found);
    tell_what_is_hidden(found);
  }
  tell_where_nobody_listens(ports, found);
  return found.empty() ? exit_failure : exit_success;
}

}  // namespace portend::cli
