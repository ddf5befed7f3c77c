// SPDX-License-Identifier: MIT
// Starts a server again whenever it ends: supervise COMMAND [ARGUMENT...]. The command finds its
// port in $PORT, or in an argument "{port}". SIGINT and SIGTERM stop it.
#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include <portend/server.hpp>

namespace {

portend::server *the_server;
portend::waiter *the_waiter;

// Both functions may be called in a signal handler.
extern "C" void stop(int) {
  the_server->cancel();
  the_waiter->cancel();
}

void follow(portend::server &server, portend::waiter &waiter) {
  server.start();
  waiter.watch("127.0.0.1", server.port());
  while (const auto event = waiter.next()) {
    const bool is_free = event->state == PORTEND_STATE_FREE;
    std::cout << "port " << server.port() << " is " << (is_free ? "free" : "occupied") << std::endl;
    if (is_free) {
      server.stop();
      server.start();
    }
  }
}

}  // namespace

int main(int argc, char **argv) {
  if (argc < 2) {
    std::cerr << "usage: supervise COMMAND [ARGUMENT...]\n";
    return 2;
  }
  try {
    portend::server server(std::vector<std::string>(argv + 1, argv + argc));
    portend::waiter waiter;
    the_server = &server;
    the_waiter = &waiter;
    std::signal(SIGINT, stop);
    std::signal(SIGTERM, stop);
    follow(server, waiter);
  } catch (const portend::canceled_error &) {
    return 0;
  } catch (const std::exception &error) {
    std::cerr << error.what() << '\n';
  }
  return 1;
}
