/* SPDX-License-Identifier: MIT */
/* A port that is also reserved for UDP. It is handed over by descriptor, and takes no datagram before.
 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "found.h"
#include "support/child.h"
#include "support/handles.h"
#include "support/socket.h"
#include "support/ways.h"

static portend_reservation* reservation_on(const char* host) {
  portend_finder* finder = new_finder();
  assert_status(portend_finder_set_host(finder, host), PORTEND_OK);
  assert_status(portend_finder_set_udp(finder, 1), PORTEND_OK);
  return new_reservation(finder);
}

static int sender_to(const char* address, int port) {
  const int sender = keep(bind_socket(address, 0, over_udp));
  struct sockaddr_storage to;
  socklen_t size = sizeof to;
  const int named = bind_socket(address, 0, over_udp);
  assert_int_equal(getsockname(named, (struct sockaddr*)&to, &size), 0);
  close(named);
  /* The port has the same offset for both families. */
  ((unsigned char*)&to)[2] = (unsigned char)(port >> 8);
  ((unsigned char*)&to)[3] = (unsigned char)port;
  assert_int_equal(connect(sender, (const struct sockaddr*)&to, size), 0);
  return sender;
}

/* On loopback a datagram is delivered or refused before send returns; the next call reports the refusal. */
static bool is_refused(const char* address, int port) {
  const int sender = sender_to(address, port);
  const bool sent = send(sender, "a", 1, 0) == 1;
  const bool refused = !sent || (send(sender, "b", 1, 0) < 0 && errno == ECONNREFUSED);
  release(sender);
  return refused;
}

static int count_datagrams(int fd) {
  int count = 0;
  char byte;
  while (recv(fd, &byte, 1, MSG_DONTWAIT) >= 0) ++count;
  assert_int_equal(errno, EAGAIN);
  return count;
}

static void skip_if_idle_sockets_receive(void) {
  if (is_portable()) skip_because("this build has no socket that receives nothing");
}

static void datagrams_are_refused_until_a_server_takes_the_socket(void** state) {
  (void)state;
  skip_if_idle_sockets_receive();
  portend_reservation* reservation = reservation_on(NULL);
  const int port = portend_reservation_port(reservation);
  assert_int_equal(portend_reservation_fd_count(reservation), 2);
  const char* const addresses[] = {"127.0.0.1", "::1", "127.0.0.9"};
  for (int i = 0; i < 3; ++i) assert_true(is_refused(addresses[i], port));
  const int fd = portend_reservation_fd(reservation, 1);
  assert_int_equal(port_of(fd), port);
  assert_int_equal(portend_reservation_fd(reservation, 1), fd);
  for (int i = 0; i < 3; ++i) {
    assert_false(is_refused(addresses[i], port));
    assert_int_equal(count_datagrams(fd), 2);
  }
  portend_reservation_listen(reservation, 1);
  assert_false(is_refused("::1", port));
  assert_int_equal(count_datagrams(fd), 2);
}

static void a_family_that_the_server_did_not_take_swallows_nothing(void** state) {
  (void)state;
  skip_if_idle_sockets_receive();
  portend_reservation* reservation = reservation_on("localhost");
  const int port = portend_reservation_port(reservation);
  assert_int_equal(portend_reservation_fd_count(reservation), 4);
  const int fd = portend_reservation_fd(reservation, 2);
  assert_false(is_refused("127.0.0.1", port));
  assert_int_equal(count_datagrams(fd), 2);
  assert_true(is_refused("::1", port));
  assert_true(is_refused("127.0.0.9", port));
  const int other = portend_reservation_fd(reservation, 3);
  assert_false(is_refused("::1", port));
  assert_int_equal(count_datagrams(other), 2);
  assert_int_equal(count_datagrams(fd), 0);
}

static void it_cannot_be_bound_by_number(void** state) {
  (void)state;
  const char* const hosts[] = {NULL, "127.0.0.1", "::1", "localhost"};
  for (int i = 0; i < 4; ++i) {
    portend_reservation* reservation = reservation_on(hosts[i]);
    const int port = portend_reservation_port(reservation);
    assert_true(cannot_bind_in_any_form(port, over_udp));
    assert_true(cannot_bind_in_any_form(port, over_udp | reusing_address));
    const int count = portend_reservation_fd_count(reservation);
    for (int index = count / 2; index < count; ++index) {
      assert_int_equal(port_of(portend_reservation_fd(reservation, index)), port);
    }
    assert_true(cannot_bind_in_any_form(port, over_udp));
    assert_true(cannot_bind_in_any_form(port, over_udp | reusing_address));
    assert_true(can_bind_in_all_forms(port, reusing_address));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      quiet(datagrams_are_refused_until_a_server_takes_the_socket),
      quiet(a_family_that_the_server_did_not_take_swallows_nothing),
      quiet(it_cannot_be_bound_by_number),
  };
  return cmocka_run_group_tests_name("reservations for UDP", tests, NULL, NULL);
}
