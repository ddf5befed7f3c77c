// SPDX-License-Identifier: MIT
// repeats COUNT find_port|bind_0 alone|threads|processes
//
// Finds COUNT ports, or COUNT ports in each of two threads or two processes at once. Prints how many of them
// had been found before by either of the two.
#include <portend/find.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <set>
#include <span>
#include <string>
#include <thread>

#include "bare.hpp"

namespace {

using Ports = std::span<int>;

void find(bool by_portend, Ports ports) {
  for (auto& port : ports) {
    if (!by_portend) {
      port = bare::find_port();
    } else if (portend_find_port(nullptr, &port) != PORTEND_OK) {
      std::fprintf(stderr, "%s\n", portend_last_error());
      std::exit(1);
    }
  }
}

void find_in_threads(bool by_portend, Ports one, Ports other) {
  std::thread thread(find, by_portend, one);
  find(by_portend, other);
  thread.join();
}

void find_in_processes(bool by_portend, Ports one, Ports other) {
  const pid_t child = fork();
  if (child == 0) {
    find(by_portend, one);
    _exit(0);
  }
  find(by_portend, other);
  waitpid(child, nullptr, 0);
}

/// Memory shared with a child.
Ports shared_ports(std::size_t count) {
  void* memory =
      mmap(nullptr, count * sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return {static_cast<int*>(memory), count};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto count = std::stoul(argv[1]);
  const bool by_portend = std::string(argv[2]) == "find_port";
  const std::string who = argv[3];
  const auto ports = shared_ports(who == "alone" ? count : 2 * count);
  const auto first = ports.first(count);
  const auto rest = ports.subspan(count);
  if (who == "alone") find(by_portend, first);
  if (who == "threads") find_in_threads(by_portend, first, rest);
  if (who == "processes") find_in_processes(by_portend, first, rest);
  const std::set<int> different(ports.begin(), ports.end());
  std::printf("%zu\n", ports.size() - different.size());
}
