// SPDX-License-Identifier: MIT
// portend who [PORT]...
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "complain.hpp"
#include "exit_codes.hpp"
#include "handles.hpp"

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
  portend_listeners* made = nullptr;
  check(portend_listeners_create(port, &made));
  const Listeners listeners(made);
  for (int i = 0; i < portend_listeners_count(made); ++i) {
    found.push_back({portend_listeners_address(made, i), portend_listeners_port(made, i),
                     portend_listeners_dual_stack(made, i) != 0, portend_listeners_pid(made, i),
                     portend_listeners_process(made, i), portend_listeners_user(made, i)});
  }
}

/// "127.0.0.1:80", "[::1]:80", and "*:80" for both families.
std::string address_text(const Listener& listener) {
  const auto port = std::to_string(listener.port);
  if (listener.dual_stack) return "*:" + port;
  if (listener.address.find(':') != std::string::npos) return "[" + listener.address + "]:" + port;
  return listener.address + ":" + port;
}

void print_json(const std::vector<Listener>& listeners) {
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
  // A process may name itself anything: what is no UTF-8 is replaced.
  std::printf("%s\n", list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

/// A process may name itself anything, control sequences of the terminal included.
std::string printable(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }, '?');
  return text;
}

void print_table(const std::vector<Listener>& listeners) {
  using Row = std::array<std::string, 4>;
  std::vector<Row> rows{{"ADDRESS", "PID", "PROCESS", "USER"}};
  for (const auto& each : listeners) {
    rows.push_back({address_text(each), each.pid == 0 ? "-" : std::to_string(each.pid),
                    each.pid == 0 ? "-" : printable(each.process), each.user.empty() ? "-" : each.user});
  }
  std::array<int, 3> widths{};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < widths.size(); ++i)
      widths[i] = std::max(widths[i], static_cast<int>(row[i].size()));
  }
  for (const auto& row : rows) {
    std::printf("%-*s  %*s  %-*s  %s\n", widths[0], row[0].c_str(), widths[1], row[1].c_str(), widths[2],
                row[2].c_str(), row[3].c_str());
  }
}

void tell_what_is_hidden(const std::vector<Listener>& listeners) {
  const auto hidden = std::ranges::count(listeners, 0, &Listener::pid);
  if (hidden == 0) return;
  complain("portend: the processes of " + std::to_string(hidden) + " of " + std::to_string(listeners.size()) +
           " listeners may not be seen by this user, or are outside of this container.");
}

}  // namespace

int who(const WhoOptions& options) {
  std::vector<Listener> found;
  if (options.ports.empty()) collect(0, found);
  for (const auto& port : options.ports) collect(parse_port(port), found);
  if (options.json) {
    print_json(found);
  } else if (!found.empty()) {
    print_table(found);
    tell_what_is_hidden(found);
  } else {
    complain("Nobody listens there.");
  }
  return found.empty() ? exit_not_so : exit_success;
}

}  // namespace portend::cli
