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
  const char* const end_of_answer = answer->data() + answer->size();
  const auto [end, error] = std::from_chars(answer->data(), end_of_answer, port);
  if (error != std::errc() || end != end_of_answer || port < 1 || port > 65535) return {};
  return static_cast<std::uint16_t>(port);
}

}  // namespace portend::ports
