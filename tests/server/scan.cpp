// SPDX-License-Identifier: MIT
/// Whose listener it is: that of the server, or of another process.
#include <sys/socket.h>
#include <unistd.h>

#include "server/listener_scan.hpp"
#include "support/child.h"
#include "support/socket.h"
#include "support/unit.hpp"
#include "support/ways.h"

namespace {

using portend::server::ListenerScan;

constexpr auto options = reusing_address;

/// A socket that listens later, on the same port.
struct Bound {
  int socket = bind_socket("127.0.0.1", 0, options);
  int listener = -1;
  ~Bound() {
    close(socket);
    if (listener >= 0) close(listener);
  }
  [[nodiscard]] std::uint16_t port() const { return static_cast<std::uint16_t>(port_of(socket)); }
  void listen() {
    listener = bind_socket("127.0.0.1", port(), options);
    expect(::listen(listener, 16) == 0);
  }
};

/// A process without descendants.
struct Other {
  pid_t pid = fork();
  Other() {
    while (pid == 0) pause();
  }
  ~Other() { kill_child(reinterpret_cast<void*>(static_cast<std::intptr_t>(pid))); }
};

/// This test is the server, and begins to listen after its timeout.
void a_server_that_listens_late_is_no_other_process() {
  Bound bound;
  const ListenerScan scan(bound.port(), {});
  bound.listen();
  expect(!scan.has_foreign_listener(getpid()));
}

void a_process_that_is_no_descendant_is_another_one() {
  if (is_portable()) throw portend::test::Skipped{"only Linux knows the owner of a listener"};
  const Other server;
  Bound bound;
  const ListenerScan scan(bound.port(), {});
  expect(!scan.has_foreign_listener(server.pid));
  bound.listen();
  expect(scan.has_foreign_listener(server.pid));
}

void a_listener_that_was_there_before_is_not_looked_at() {
  const Other server;
  Bound bound;
  bound.listen();
  const ListenerScan scan(bound.port(), {});
  expect(!scan.has_foreign_listener(server.pid));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(a_server_that_listens_late_is_no_other_process),
      unit(a_process_that_is_no_descendant_is_another_one),
      unit(a_listener_that_was_there_before_is_not_looked_at),
  };
  return cmocka_run_group_tests_name("listener scan", tests, nullptr, nullptr);
}
