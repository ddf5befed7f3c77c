// SPDX-License-Identifier: MIT
// Uses portend.hpp from C++17 and C++20, on real sockets.
#include <portend/portend.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <type_traits>

#include <unistd.h>

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds patience{60};

#define REQUIRE(condition)                                                 \
  do {                                                                     \
    if (!(condition)) {                                                    \
      std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      std::exit(1);                                                        \
    }                                                                      \
  } while (false)

template <class Error, class Call>
portend_status status_thrown(Call call) {
  try {
    call();
  } catch (const Error& error) {
    REQUIRE(error.what()[0] != '\0');
    return error.status();
  }
  return PORTEND_OK;
}

void simple_calls_throw_what_went_wrong() {
  portend::reservation server;
  const int port = server.port();
  REQUIRE(portend::is_free("127.0.0.1", port) && !portend::is_occupied("127.0.0.1", port));
  portend::free("127.0.0.1", port, patience);
  portend::assert_free("127.0.0.1", port);
  const auto occupied = [&] { portend::occupied("127.0.0.1", port, milliseconds(20)); };
  REQUIRE(status_thrown<portend::timeout_error>(occupied) == PORTEND_ERR_TIMEOUT);

  server.listen(8);
  occupied();
  REQUIRE(portend::is_occupied("127.0.0.1", port) && !portend::is_free("127.0.0.1", port));
  const auto assert_free = [&] { portend::assert_free("127.0.0.1", port, seconds(1)); };
  REQUIRE(status_thrown<portend::not_free_error>(assert_free) == PORTEND_ERR_NOT_FREE);
}

void what_cannot_be_meant_is_an_error_and_no_timeout() {
  const auto no_port = [] { portend::occupied("127.0.0.1", 70000); };
  REQUIRE(status_thrown<portend::error>(no_port) == PORTEND_ERR_INVALID);
  const auto no_host = [] { portend::occupied("no..such..host", 80, milliseconds(0)); };
  REQUIRE(status_thrown<portend::error>(no_host) != PORTEND_OK);
  REQUIRE(status_thrown<portend::error>([] { portend::is_free("", 80); }) == PORTEND_ERR_INVALID);
}

void a_finder_chains_its_options() {
  const std::vector<int> ports =
      portend::finder().host("127.0.0.1").family(PORTEND_FAMILY_IPV4).udp().find(5);
  REQUIRE(ports.size() == 5);
  for (const int port : ports) REQUIRE(std::count(ports.begin(), ports.end(), port) == 1);
  portend::return_port(portend::find_port());
  REQUIRE(portend::find_port() > 0 && portend::find_port("localhost") > 0);

  portend::reservation held;
  portend::finder only;
  only.prefer(held.port()).only_preferred().no_port_server();
  REQUIRE(status_thrown<portend::error>([&] { static_cast<void>(only.find()); }) == PORTEND_ERR_NO_PORT);
}

void a_waiter_waits_for_many_and_is_canceled() {
  portend::reservation up;
  const portend::reservation down;
  up.listen(8);
  portend::waiter waiter;
  const int first = waiter.add("127.0.0.1", up.port());
  const int second = waiter.add("127.0.0.1", down.port());
  waiter.wait_for_any(patience);
  REQUIRE(waiter.state(first) == PORTEND_STATE_OCCUPIED);
  const auto all = [&] { waiter.wait_for_all(milliseconds(20)); };
  REQUIRE(status_thrown<portend::timeout_error>(all) == PORTEND_ERR_TIMEOUT);
  REQUIRE(waiter.explain(first).empty() && !waiter.explain(second).empty());

  std::thread other([&] { waiter.cancel(); });
  const auto canceled = [&] { waiter.wait_for_all(patience); };
  REQUIRE(status_thrown<portend::canceled_error>(canceled) == PORTEND_ERR_CANCELED);
  other.join();
}

void a_watch_tells_of_changes() {
  portend::reservation server;
  portend::waiter waiter;
  const int target = waiter.watch("127.0.0.1", server.port());
  const std::optional<portend_event> first = waiter.next(patience);
  REQUIRE(first && first->target == target && first->state == PORTEND_STATE_FREE);
  REQUIRE(!waiter.next(milliseconds(0)));
  server.listen(8);
  const std::optional<portend_event> second = waiter.next(patience);
  REQUIRE(second && second->state == PORTEND_STATE_OCCUPIED);
}

void a_reservation_moves_and_is_listened_on() {
  portend::reservation first;
  const int port = first.port();
  portend::reservation second = std::move(first);
  REQUIRE(second.port() == port && !second.descriptors().empty() && !second.explain().empty());
  second.listen(8);
  static_assert(!std::is_copy_constructible_v<portend::reservation>);
  static_assert(std::is_nothrow_move_constructible_v<portend::waiter>);
  try {
    const auto found = portend::sockets(port, port, PORTEND_SOCKETS_LISTENING);
    REQUIRE(found.size() == second.descriptors().size());
    REQUIRE(found.front().port == port && found.front().pid == getpid());
    REQUIRE(portend::explain_usage(port).find(std::to_string(getpid())) != std::string::npos);
  } catch (const portend::error& error) {
    REQUIRE(error.status() == PORTEND_ERR_UNSUPPORTED);
    std::puts("skipped: owners of listeners, which this build cannot tell");
  }
}

void a_port_is_parked() {
  portend::reservation held;
  const int port = held.port();
  REQUIRE(held.park() > seconds(0));
  REQUIRE(held.descriptors().empty() && portend::is_free("127.0.0.1", port));
}

}  // namespace

int main() {
  simple_calls_throw_what_went_wrong();
  what_cannot_be_meant_is_an_error_and_no_timeout();
  a_finder_chains_its_options();
  a_waiter_waits_for_many_and_is_canceled();
  a_watch_tells_of_changes();
  a_reservation_moves_and_is_listened_on();
  a_port_is_parked();
  std::printf("as C++ %ld\n", __cplusplus);
  return 0;
}
