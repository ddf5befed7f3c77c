// SPDX-License-Identifier: MIT
/// @file
/// portend for C++17 and later: the functions of portend/portend.h with owning handles, std::chrono
/// and exceptions. Header only. The C headers document each function.
///
///     portend::occupied("localhost", 5432, std::chrono::seconds(3));
///
///     portend::reservation held;
///     start_server(held.port());
#ifndef PORTEND_PORTEND_HPP
#define PORTEND_PORTEND_HPP

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <portend/portend.h>
#include <portend/error.hpp>
#include <portend/find.hpp>

namespace portend {

using timeout = std::chrono::milliseconds;
inline constexpr timeout forever{PORTEND_FOREVER};

/// Waits until the port is occupied. Throws timeout_error, resolve_error or another error.
inline void occupied(const std::string &host, int port, timeout limit = forever) {
  detail::check(portend_occupied(host.c_str(), port, limit.count()));
}

/// Waits until the port is free.
inline void free(const std::string &host, int port, timeout limit = forever) {
  detail::check(portend_free(host.c_str(), port, limit.count()));
}

/// Probes once whether the port is occupied.
inline bool is_occupied(const std::string &host, int port) {
  return detail::holds(portend_occupied(host.c_str(), port, 0), PORTEND_ERR_TIMEOUT);
}

/// Probes once whether the port is free.
inline bool is_free(const std::string &host, int port) {
  return detail::holds(portend_free(host.c_str(), port, 0), PORTEND_ERR_TIMEOUT);
}

/// Throws not_free_error if the port is occupied. The message names the owner if it is known.
inline void assert_free(const std::string &host, int port, timeout attempt_limit = timeout(0)) {
  detail::check(portend_assert_free(host.c_str(), port, attempt_limit.count()));
}

/// Finds a port that can be bound now on all addresses of this machine.
inline int find_port() {
  int port = 0;
  detail::check(portend_find_port(nullptr, &port));
  return port;
}

/// Finds a port that can be bound now on one host of this machine.
inline int find_port(const std::string &host) {
  int port = 0;
  detail::check(portend_find_port(host.c_str(), &port));
  return port;
}

/// Lets later searches of this process find a port again at once.
inline void return_port(int port) { detail::check(portend_return_port(port)); }

/// Targets with their wanted states; see portend/waiter.h and portend/watch.h.
class waiter {
 public:
  waiter() {
    portend_waiter *made = nullptr;
    detail::check(portend_waiter_create(&made));
    handle_.reset(made);
  }

  /// Adds a target, and returns its index.
  int add(const std::string &host, int port, portend_state wanted = PORTEND_STATE_OCCUPIED) {
    int index = 0;
    detail::check(portend_waiter_add(get(), host.c_str(), port, wanted, &index));
    return index;
  }

  int watch(const std::string &host, int port) {
    int index = 0;
    detail::check(portend_waiter_watch(get(), host.c_str(), port, &index));
    return index;
  }

  void wait_for_all(timeout limit = forever) {
    detail::check(portend_waiter_run(get(), PORTEND_ALL, limit.count()));
  }

  void wait_for_any(timeout limit = forever) {
    detail::check(portend_waiter_run(get(), PORTEND_ANY, limit.count()));
  }

  /// Returns the next change of state; nothing if the timeout has passed.
  std::optional<portend_event> next(timeout limit = forever) {
    portend_event event{};
    if (!detail::holds(portend_waiter_next(get(), limit.count(), &event), PORTEND_ERR_TIMEOUT))
      return {};
    return event;
  }

  /// Ends the wait of another thread. A signal handler may call it.
  void cancel() noexcept { portend_waiter_cancel(get()); }

  [[nodiscard]] portend_state state(int index) const { return portend_waiter_state(get(), index); }
  [[nodiscard]] std::string explain(int index) const {
    return portend_waiter_explain(get(), index);
  }

  /// Returns the handle, for functions without a method here.
  [[nodiscard]] portend_waiter *get() const noexcept { return handle_.get(); }

 private:
  detail::owned<portend_waiter, portend_waiter_destroy> handle_;
};

/// A socket of a snapshot; see portend/sockets.h. Unknown values are 0 or "".
struct socket_info {
  unsigned kind = 0;  // PORTEND_SOCKETS_LISTENING and so on
  std::string address;
  int port = 0;
  bool dual_stack = false;
  std::string peer_address;
  int peer_port = 0;
  std::int64_t pid = 0;
  std::int64_t parent_pid = 0;
  std::string process;
  std::string command_line;
  std::string user;
  std::chrono::milliseconds remaining{};  // of TIME_WAIT
};

namespace detail {

using snapshot = owned<portend_sockets, portend_sockets_destroy>;

inline snapshot take_snapshot(int first_port, int last_port, unsigned kinds) {
  portend_sockets *made = nullptr;
  check(portend_sockets_create(first_port, last_port, kinds, &made));
  return snapshot(made);
}

}  // namespace detail

/// Returns the sockets of these kinds whose local port is in the range.
inline std::vector<socket_info> sockets(int first_port, int last_port, unsigned kinds) {
  const auto taken = detail::take_snapshot(first_port, last_port, kinds);
  const auto *from = taken.get();
  std::vector<socket_info> all;
  for (int i = 0; i < portend_sockets_count(from); ++i) {
    all.push_back({portend_sockets_kind(from, i), portend_sockets_address(from, i),
                   portend_sockets_port(from, i), portend_sockets_dual_stack(from, i) != 0,
                   portend_sockets_peer_address(from, i), portend_sockets_peer_port(from, i),
                   portend_sockets_pid(from, i), portend_sockets_parent_pid(from, i),
                   portend_sockets_process(from, i), portend_sockets_command_line(from, i),
                   portend_sockets_user(from, i),
                   std::chrono::milliseconds(portend_sockets_remaining_ms(from, i))});
  }
  return all;
}

/// Explains why a TCP port is in use; "" if no socket has it.
inline std::string explain_usage(int port) {
  const auto taken =
      detail::take_snapshot(port, port,
                            PORTEND_SOCKETS_LISTENING | PORTEND_SOCKETS_BOUND |
                                PORTEND_SOCKETS_CONNECTED | PORTEND_SOCKETS_TIME_WAIT);
  return portend_sockets_explain(taken.get(), port);
}

}  // namespace portend

#endif
