// SPDX-License-Identifier: MIT
#include "ports/port_server.hpp"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <string>

#include "os/local_service.hpp"
#include "os/process.hpp"

namespace portend::ports {

namespace {

constexpr std::chrono::seconds longest_answer{2};

}  // namespace

std::optional<std::uint16_t> ask_port_server() {
  const char* address = std::getenv("PORTSERVER_ADDRESS");
  if (address == nullptr || *address == '\0') return {};
  const auto answer = os::ask_local_service(address, std::to_string(os::own_pid()) + "\n", longest_answer);
  if (!answer) return {};
  int port = 0;
  const auto [end, error] = std::from_chars(answer->data(), answer->data() + answer->size(), port);
  static_cast<void>(end);
  if (error != std::errc() || port < 1 || port > 65535) return {};
  return static_cast<std::uint16_t>(port);
}

}  // namespace portend::ports
