// SPDX-License-Identifier: MIT
#include "ports/port_server.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string>

#include "os/environment.hpp"
#include "os/local_service.hpp"
#include "os/process.hpp"

namespace portend::ports {

namespace {

constexpr std::chrono::seconds server_answer_limit{2};

}  // namespace

std::optional<std::uint16_t> ask_port_server(os::Instant until) {
  const char* address = os::trusted_environment("PORTSERVER_ADDRESS");
  if (address == nullptr || *address == '\0') return {};
  const auto answer_until = std::min(until, os::saturating_add(os::Clock::now(), server_answer_limit));
  const auto answer = os::ask_local_service(address, std::to_string(os::own_pid()) + "\n", answer_until);
  if (!answer) return {};
  int port = 0;
  const char* const end_of_answer = answer->data() + answer->size();
  const auto [end, error] = std::from_chars(answer->data(), end_of_answer, port);
  if (error != std::errc() || end != end_of_answer || port < 1 || port > 65535) return {};
  return static_cast<std::uint16_t>(port);
}

}  // namespace portend::ports
