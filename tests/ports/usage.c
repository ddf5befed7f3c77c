/* SPDX-License-Identifier: MIT */
/* Explains why a port is in use, for all kinds of sockets. */
#include <portend/sockets.h>

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "listed.h"
#include "support/child.h"
#include "support/clock.h"
#include "support/process.h"
#include "support/server.h"
#include "support/socket.h"

enum {
  tcp_kinds = PORTEND_SOCKETS_LISTENING | PORTEND_SOCKETS_BOUND | PORTEND_SOCKETS_CONNECTED |
              PORTEND_SOCKETS_TIME_WAIT,
  all_kinds = tcp_kinds | PORTEND_SOCKETS_UDP
};

static void assert_own(const portend_sockets* sockets, int index) {
  assert_int_equal(portend_sockets_pid(sockets, index), getpid());
  assert_int_equal(portend_sockets_parent_pid(sockets, index), getppid());
  assert_string_equal(portend_sockets_process(sockets, index), "ports_usage");
  assert_contains(portend_sockets_command_line(sockets, index), "ports_usage");
  assert_string_equal(portend_sockets_user(sockets, index), "root");
}

static void assert_no_owner(const portend_sockets* sockets, int index) {
  assert_int_equal(portend_sockets_pid(sockets, index), 0);
  assert_string_equal(portend_sockets_process(sockets, index), "");
  assert_string_equal(portend_sockets_command_line(sockets, index), "");
  assert_string_equal(portend_sockets_user(sockets, index), "");
}

/* Expects "ports_usage (pid 4711, user root) " and the rest. */
static void assert_explained(const portend_sockets* sockets, int port, const char* rest) {
  char text[200];
  snprintf(text, sizeof text, "ports_usage (pid %d, user root) %s, command \"", (int)getpid(), rest);
  assert_begins(portend_sockets_explain(sockets, port), text);
}

/* Returns the listener's end of a connection. */
static int accept_from(int listener) {
  const int accepted = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  assert_true(accepted >= 0);
  return keep(accepted);
}

static void each_kind_is_listed_if_it_is_asked_for(void** state) {
  (void)state;
  skip_if_unsupported();
  const int listener = listen_on("127.0.0.1", 20001, strictly, 1);
  const int client = connect_to("127.0.0.1", 20001);
  accept_from(listener);
  portend_sockets* both = new_sockets(20001, 20001, tcp_kinds);
  assert_int_equal(portend_sockets_count(both), 2);
  assert_int_equal(portend_sockets_kind(both, 0), PORTEND_SOCKETS_LISTENING);
  assert_int_equal(portend_sockets_kind(both, 1), PORTEND_SOCKETS_CONNECTED);
  assert_string_equal(portend_sockets_peer_address(both, 1), "127.0.0.1");
  assert_int_equal(portend_sockets_peer_port(both, 1), port_of(client));
  assert_own(both, 0);
  assert_own(both, 1);
  assert_explained(both, 20001, "listens on 127.0.0.1");

  portend_sockets* connected = new_sockets(20001, 20001, PORTEND_SOCKETS_CONNECTED);
  assert_int_equal(portend_sockets_count(connected), 1);
  assert_int_equal(portend_sockets_kind(connected, 0), PORTEND_SOCKETS_CONNECTED);
}

static void an_outgoing_connection_keeps_a_port(void** state) {
  (void)state;
  skip_if_unsupported();
  const int listener = listen_on("::1", 20001, strictly, 1);
  const int client = connect_to("::1", 20001);
  accept_from(listener);
  const int port = port_of(client);
  portend_sockets* one = new_sockets(port, port, tcp_kinds);
  assert_int_equal(portend_sockets_count(one), 1);
  assert_string_equal(portend_sockets_peer_address(one, 0), "::1");
  assert_own(one, 0);
  assert_explained(one, port, "has a connection with [::1]:20001");
}

static void connections_that_outlive_their_listener_keep_its_port(void** state) {
  (void)state;
  skip_if_unsupported();
  const int listener = listen_on("::", 20001, dual_stack, 5);
  for (int i = 0; i < 5; ++i) {
    connect_to("127.0.0.1", 20001);
    accept_from(listener);
  }
  release(listener);
  portend_sockets* left = new_sockets(20001, 20001, tcp_kinds);
  assert_int_equal(portend_sockets_count(left), 5);
  /* An IPv4 peer of an IPv6 socket is shown as an IPv4 address. */
  assert_string_equal(portend_sockets_address(left, 0), "127.0.0.1");
  assert_string_equal(portend_sockets_peer_address(left, 0), "127.0.0.1");
  assert_contains(portend_sockets_explain(left, 20001), " has connections with 127.0.0.1:");
  assert_contains(portend_sockets_explain(left, 20001), " and 2 more, command \"");
}

static void a_closed_connection_is_reported_until_time_wait_ends(void** state) {
  (void)state;
  skip_if_unsupported();
  const int listener = listen_on("127.0.0.1", 20001, strictly, 1);
  const int client = connect_to("127.0.0.1", 20001);
  const int client_port = port_of(client);
  release(accept_from(listener)); /* closes first */
  release(listener);

  portend_sockets* ending = new_sockets(20001, 20001, tcp_kinds);
  assert_int_equal(portend_sockets_count(ending), 1);
  assert_int_equal(portend_sockets_kind(ending, 0), PORTEND_SOCKETS_CONNECTED);
  assert_no_owner(ending, 0);
  char text[120];
  snprintf(text, sizeof text, "a connection with 127.0.0.1:%d, closed by its process, has not ended yet",
           client_port);
  assert_string_equal(portend_sockets_explain(ending, 20001), text);

  release(client);
  portend_sockets* waits = new_sockets(20001, 20001, tcp_kinds);
  assert_int_equal(portend_sockets_count(waits), 1);
  assert_int_equal(portend_sockets_kind(waits, 0), PORTEND_SOCKETS_TIME_WAIT);
  assert_int_equal(portend_sockets_peer_port(waits, 0), client_port);
  assert_no_owner(waits, 0);
  assert_in_range(portend_sockets_remaining_ms(waits, 0), 60000 - generous_ms, 60000);
  snprintf(text, sizeof text, "a closed connection with 127.0.0.1:%d stays in TIME_WAIT for ", client_port);
  assert_begins(portend_sockets_explain(waits, 20001), text);
  assert_contains(portend_sockets_explain(waits, 20001),
                  " more seconds; a server that sets SO_REUSEADDR may bind the port");
}

static void several_closed_connections_are_counted(void** state) {
  (void)state;
  skip_if_unsupported();
  const int listener = listen_on("127.0.0.1", 20001, strictly, 3);
  for (int i = 0; i < 3; ++i) {
    const int client = connect_to("127.0.0.1", 20001);
    release(accept_from(listener));
    release(client);
  }
  release(listener);
  portend_sockets* waits = new_sockets(20001, 20001, PORTEND_SOCKETS_TIME_WAIT);
  assert_int_equal(portend_sockets_count(waits), 3);
  assert_begins(portend_sockets_explain(waits, 20001), "3 closed connections stay in TIME_WAIT for ");
}

static void a_port_that_is_bound_without_listening_is_reported(void** state) {
  (void)state;
  skip_if_unsupported();
  keep(bind_socket("127.0.0.1", 20001, strictly));
  keep(bind_socket("::", 20002, dual_stack));
  portend_sockets* bound = new_sockets(20001, 20002, tcp_kinds);
  if (looks_by_connecting()) {
    /* /proc/net/tcp does not list them. */
    assert_int_equal(portend_sockets_count(bound), 0);
    assert_string_equal(portend_sockets_explain(bound, 20001), "");
    return;
  }
  assert_int_equal(portend_sockets_count(bound), 2);
  assert_int_equal(portend_sockets_kind(bound, 0), PORTEND_SOCKETS_BOUND);
  assert_int_equal(portend_sockets_dual_stack(bound, 1), 1);
  assert_own(bound, 0);
  assert_explained(bound, 20001, "has it bound without listening, as a reservation does, on 127.0.0.1");
  assert_explained(bound, 20002, "has it bound without listening, as a reservation does, on *");
}

static void a_port_of_many_processes_names_three(void** state) {
  (void)state;
  skip_if_unsupported();
  enum { processes = 5 };
  for (int i = 0; i < processes; ++i) {
    const struct server server = start_server("127.0.0.1", 20001, reusing_port);
    server_listens(&server);
  }
  portend_sockets* sockets = new_sockets(20001, 20001, tcp_kinds);
  assert_int_equal(portend_sockets_count(sockets), processes);
  const char* text = portend_sockets_explain(sockets, 20001);
  assert_begins(text, SERVER_NAME " (pid ");
  assert_contains(text, "; so do 2 more processes");
}

static void a_reservation_is_reported(void** state) {
  (void)state;
  skip_if_unsupported();
  if (looks_by_connecting()) skip_because("/proc/net/tcp does not list sockets that are only bound");
  portend_reservation* reservation = new_reservation(NULL);
  const int port = portend_reservation_port(reservation);
  portend_sockets* reserved = new_sockets(port, port, tcp_kinds);
  assert_true(portend_sockets_count(reserved) >= 1);
  assert_own(reserved, 0);
  assert_explained(reserved, port, "has it bound without listening, as a reservation does, on *");
}

static void udp_sockets_are_listed_on_request(void** state) {
  (void)state;
  skip_if_unsupported();
  keep(bind_socket("127.0.0.1", 20001, over_udp));
  keep(bind_socket("::", 20001, over_udp));
  const int client = keep(bind_socket("127.0.0.1", 20002, over_udp));
  const struct sockaddr_in server = {
      .sin_family = AF_INET, .sin_port = htons(20001), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  assert_int_equal(connect(client, (const struct sockaddr*)&server, sizeof server), 0);

  assert_int_equal(portend_sockets_count(new_sockets(20001, 20002, tcp_kinds)), 0);
  portend_sockets* udp = new_sockets(20001, 20002, PORTEND_SOCKETS_UDP);
  assert_int_equal(portend_sockets_count(udp), 3);
  for (int i = 0; i < 3; ++i) {
    assert_int_equal(portend_sockets_kind(udp, i), PORTEND_SOCKETS_UDP);
    assert_own(udp, i);
  }
  assert_string_equal(portend_sockets_address(udp, 1), "::");
  assert_int_equal(portend_sockets_peer_port(udp, 1), 0);
  assert_int_equal(portend_sockets_peer_port(udp, 2), 20001);
  assert_explained(udp, 20002, "sends UDP from it to 127.0.0.1:20001");
  assert_contains(portend_sockets_explain(udp, 20001), " receives UDP on 127.0.0.1 and ");

  listen_on("127.0.0.1", 20001, strictly, 1);
  portend_sockets* all = new_sockets(20001, 20001, all_kinds);
  assert_int_equal(portend_sockets_count(all), 3);
  assert_explained(all, 20001, "listens on 127.0.0.1");
  assert_contains(portend_sockets_explain(all, 20001), "; ports_usage (");
}

static void a_thousand_connections_are_listed_whole(void** state) {
  (void)state;
  skip_if_unsupported();
  enum { many = 500 };
  assert_true(allow_descriptors(4 * many + 100));
  const int listener = listen_on("127.0.0.1", 20001, strictly, many);
  for (int i = 0; i < many; ++i) {
    connect_to("127.0.0.1", 20001);
    accept_from(listener);
  }
  portend_sockets* all = new_sockets(1, 65535, tcp_kinds);
  assert_int_equal(portend_sockets_count(all), 2 * many + 1);
  for (int i = 0; i < 2 * many + 1; ++i) assert_own(all, i);
  assert_explained(all, 20001, "listens on 127.0.0.1");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      alone(each_kind_is_listed_if_it_is_asked_for),
      alone(an_outgoing_connection_keeps_a_port),
      alone(connections_that_outlive_their_listener_keep_its_port),
      alone(a_closed_connection_is_reported_until_time_wait_ends),
      alone(several_closed_connections_are_counted),
      alone(a_port_that_is_bound_without_listening_is_reported),
      alone(a_port_of_many_processes_names_three),
      alone(a_reservation_is_reported),
      alone(udp_sockets_are_listed_on_request),
      alone(a_thousand_connections_are_listed_whole),
  };
  return cmocka_run_group_tests_name("why a port is in use", tests, NULL, NULL);
}
