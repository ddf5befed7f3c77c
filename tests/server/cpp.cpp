// SPDX-License-Identifier: MIT
// Tests server.hpp in C++17, with real processes.
#include <portend/server.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace {

using std::chrono::milliseconds;

#define REQUIRE(condition)                                                 \
  do {                                                                     \
    if (!(condition)) {                                                    \
      std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      std::exit(1);                                                        \
    }                                                                      \
  } while (false)

/// What a running program writes arrives a moment later.
bool says(portend::server& server, const std::string& text) {
  for (int i = 0; i < 2000 && server.output() != text; ++i) std::this_thread::sleep_for(milliseconds(5));
  return server.output() == text;
}

void a_server_lives_as_long_as_its_object() {
  int port = 0;
  {
    portend::server server({PORTEND_ACTOR, "say:hello", "listen:{port}"});
    server.environment("A", "b").without("C").directory("/").name("actor").grace(milliseconds(500));
    port = server.reserve();
    server.start();
    REQUIRE(server.port() == port && server.alive() && server.pid() > 0 && !server.exit_status());
    REQUIRE(says(server, "hello\n"));
    REQUIRE(portend::is_occupied("127.0.0.1", port));
  }
  REQUIRE(portend::is_free("127.0.0.1", port));
}

void failures_are_thrown_with_their_messages() {
  portend::server dies({PORTEND_ACTOR, "exit:3"});
  try {
    dies.start();
    REQUIRE(false);
  } catch (const portend::error& error) {
    REQUIRE(error.status() == PORTEND_ERR_GONE);
    REQUIRE(std::string(error.what()).find("exited with code 3") != std::string::npos);
  }
  REQUIRE(dies.exit_status() == 3);
  portend::server silent({PORTEND_ACTOR});
  try {
    silent.start(milliseconds(50));
    REQUIRE(false);
  } catch (const portend::timeout_error&) {
    REQUIRE(!silent.alive());
  }
}

void a_server_may_be_launched_first_and_stopped_twice() {
  portend::server server({PORTEND_ACTOR, "listen"});
  server.launch();
  server.wait_ready();
  server.stop();
  server.stop();
  REQUIRE(server.exit_status() == 128 + 15);
}

}  // namespace

int main() {
  a_server_lives_as_long_as_its_object();
  failures_are_thrown_with_their_messages();
  a_server_may_be_launched_first_and_stopped_twice();
}
