// SPDX-License-Identifier: MIT
// Waits for two services: wait DATABASE CACHE, each as HOST:PORT or a URL.
#include <chrono>
#include <exception>
#include <iostream>
#include <stdexcept>

#include <portend/portend.hpp>

namespace {

void add(portend::waiter &waiter, const char *text) {
  char host[PORTEND_HOST_SIZE];
  int port = 0;
  if (portend_parse_target(text, host, sizeof host, &port) != PORTEND_OK)
    throw std::invalid_argument(portend_last_error());
  waiter.add(host, port);
}

}  // namespace

int main(int argc, char **argv) {
  using namespace std::chrono_literals;
  if (argc != 3) {
    std::cerr << "usage: wait DATABASE CACHE\n";
    return 2;
  }
  try {
    portend::waiter waiter;
    add(waiter, argv[1]);
    add(waiter, argv[2]);
    waiter.wait_for_all(30s);
  } catch (const std::exception &error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  std::cout << "ready\n";
}
