/* SPDX-License-Identifier: MIT */
/* A test fixture that starts a server, with cmocka. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <sys/socket.h>
#include <unistd.h>

#include <portend/portend.h>

enum { timeout_ms = 30000, grace_ms = 5000 };

static int start_redis(void **state) {
  const char *const command[] = {"redis-server", "--port", "{port}", "--save", "", NULL};
  portend_server *redis = NULL;
  if (portend_server_create(&redis) != PORTEND_OK) return -1;
  *state = redis;
  if (portend_server_set_command(redis, command) == PORTEND_OK &&
      portend_server_start(redis, timeout_ms) == PORTEND_OK) {
    return 0;
  }
  print_error("%s\n", portend_server_message(redis));
  return -1;
}

static int stop_redis(void **state) {
  const portend_status status = portend_server_stop(*state, grace_ms);
  portend_server_destroy(*state);
  return status == PORTEND_OK ? 0 : -1;
}

static void redis_answers(void **state) {
  struct sockaddr_in address = {.sin_family = AF_INET};
  char answer[16] = "";
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  address.sin_port = htons((uint16_t)portend_server_port(*state));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal(write(client, "PING\r\n", 6), 6);
  assert_int_equal(read(client, answer, sizeof answer - 1), 7);
  assert_string_equal(answer, "+PONG\r\n");
  close(client);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(redis_answers, start_redis, stop_redis),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
