// SPDX-License-Identifier: MIT
// Starts, awaits and stops servers.
#include "capi/arguments.hpp"
#include "capi/finder.hpp"
#include "capi/server.hpp"
#include "portend/server.h"

using namespace portend;

namespace {

portend_status status_of(server::Readiness readiness) {
  switch (readiness) {
    case server::Readiness::ready:
      return PORTEND_OK;
    case server::Readiness::timed_out:
      return PORTEND_ERR_TIMEOUT;
    case server::Readiness::exited:
      return PORTEND_ERR_GONE;
    case server::Readiness::canceled:
    case server::Readiness::interrupted:
      break;
  }
  return PORTEND_ERR_CANCELED;
}

portend_status launch(portend_server& self) {
  auto& server = self.server;
  if (server.options().command.empty()) {
    throw std::invalid_argument("No command is set: set the command of the server first.");
  }
  if (server.is_launched()) {
    if (server.alive()) throw std::invalid_argument("The server runs already: stop it first.");
    server.stop(0);
  }
  try {
    capi::found([&] {
      server.launch();
      return 0;
    });
  } catch (const os::StartError& error) {
    return capi::fail(PORTEND_ERR_SYSTEM, capi::explain_start(server, error), error.code().value());
  }
  return PORTEND_OK;
}

portend_status wait_ready(portend_server& self, os::Instant until) {
  const auto readiness = self.server.await_ready(until);
  const auto status = status_of(readiness);
  return status == PORTEND_OK ? status : capi::fail(status, capi::explain_unready(self.server, readiness));
}

std::int64_t grace_argument(std::int64_t grace_ms) {
  return capi::in_range(grace_ms, PORTEND_FOREVER, INT32_MAX, "A grace in milliseconds");
}

}  // namespace

portend_status portend_server_reserve(portend_server* server, int* port_out) noexcept {
  return capi::with_handle(server, [&](portend_server& self) {
    const auto port = capi::found([&] { return self.server.reserve(); });
    if (port_out != nullptr) *port_out = port;
    return PORTEND_OK;
  });
}

portend_status portend_server_start(portend_server* server, int64_t timeout_ms) noexcept {
  return capi::with_handle(server, [&](portend_server& self) {
    const auto until = os::deadline(os::Clock::now(), capi::timeout_argument(timeout_ms));
    auto status = launch(self);
    if (status != PORTEND_OK) return status;
    try {
      status = wait_ready(self, until);
      if (status != PORTEND_OK) self.server.stop(self.server.options().grace.count());
    } catch (...) {
      self.server.stop(self.server.options().grace.count());
      throw;
    }
    return status;
  });
}

portend_status portend_server_launch(portend_server* server) noexcept {
  return capi::with_handle(server, [](portend_server& self) { return launch(self); });
}

portend_status portend_server_wait_ready(portend_server* server, int64_t timeout_ms) noexcept {
  return capi::with_handle(server, [&](portend_server& self) {
    const auto until = os::deadline(os::Clock::now(), capi::timeout_argument(timeout_ms));
    if (!self.server.is_launched()) {
      throw std::invalid_argument("The server was not launched: launch it before you wait for it.");
    }
    return wait_ready(self, until);
  });
}

portend_status portend_server_begin_stop(portend_server* server, int64_t grace_ms) noexcept {
  return capi::with_handle(server, [&](portend_server& self) {
    self.server.begin_stop(grace_argument(grace_ms));
    return PORTEND_OK;
  });
}

portend_status portend_server_stop(portend_server* server, int64_t grace_ms) noexcept {
  return capi::with_handle(server, [&](portend_server& self) -> portend_status {
    const auto stop = self.server.stop(grace_argument(grace_ms));
    self.server.clear_cancel();
    if (stop == server::Stop::stopped) return PORTEND_OK;
    return capi::fail(PORTEND_ERR_TIMEOUT, capi::explain_unstopped(self.server, stop));
  });
}
