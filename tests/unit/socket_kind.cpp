// SPDX-License-Identifier: MIT
/// What the states of sockets in the answers of Linux mean.
#include "os/linux/tcp_states.hpp"

#include "support/unit.hpp"

namespace {

using portend::os::kind_of;
using portend::os::SocketKind;
using portend::os::Transport;

constexpr int established = 1;
constexpr int some_inode = 4711;

void each_state_has_its_kind() {
  expect_equal(kind_of(Transport::tcp, portend::os::tcp_listen, some_inode), SocketKind::listening);
  expect_equal(kind_of(Transport::tcp, established, some_inode), SocketKind::connected);
  expect_equal(kind_of(Transport::tcp, portend::os::tcp_time_wait, 0), SocketKind::time_wait);
  expect_equal(kind_of(Transport::tcp, portend::os::tcp_close, some_inode), SocketKind::bound);
  expect_equal(kind_of(Transport::udp, portend::os::tcp_close, some_inode), SocketKind::udp);
}

/// The kernel selects a socket by its state and reports the state that it has a moment later.
void a_connection_that_ends_while_it_is_listed_is_not_bound() {
  expect_equal(kind_of(Transport::tcp, portend::os::tcp_close, 0), SocketKind::connected);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(each_state_has_its_kind),
      unit(a_connection_that_ends_while_it_is_listed_is_not_bound),
  };
  return cmocka_run_group_tests_name("os/tcp_states", tests, nullptr, nullptr);
}
