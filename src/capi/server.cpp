// SPDX-License-Identifier: MIT
#include "capi/server.hpp"

#include <algorithm>
#include <cstring>

#include "capi/arguments.hpp"
#include "capi/finder.hpp"
#include "net/utf8.hpp"
#include "portend/server_options.h"

using namespace portend;

namespace {

constexpr std::int64_t longest_grace_ms = 3'600'000;
constexpr std::size_t longest_prefix = 256;

std::string text_or_empty(const char* text) { return text == nullptr ? "" : text; }

template <class Body>
portend_status set(portend_server* server, Body&& body) noexcept {
  return capi::with_handle(server, [&](portend_server& self) {
    body(self.server.options());
    return PORTEND_OK;
  });
}

}  // namespace

portend_status portend_server_create(portend_server** server_out) noexcept {
  return capi::guard([&] {
    capi::require(server_out, "The out-parameter for the server");
    *server_out = new portend_server;
    return PORTEND_OK;
  });
}

void portend_server_destroy(portend_server* server) noexcept {
  const os::CancelShield shield;
  if (server == nullptr) return;
  if (server->is_inherited()) {
    server->server.disown();
  } else {
    capi::ask(0, [&] {
      server->server.stop(server->server.options().grace.count());
      return 0;
    });
  }
  delete server;
}

portend_status portend_server_set_command(portend_server* server, const char* const* argv) noexcept {
  return set(server, [&](server::Options& options) {
    capi::require(argv, "The command");
    std::vector<std::string> command;
    for (const auto* argument = argv; *argument != nullptr; ++argument) command.emplace_back(*argument);
    if (command.empty() || command.front().empty()) {
      throw std::invalid_argument("The command is empty: its first text must be a program.");
    }
    options.command = std::move(command);
  });
}

portend_status portend_server_set_environment(portend_server* server, const char* name,
                                              const char* value) noexcept {
  return set(server, [&](server::Options& options) {
    capi::require(name, "The name of the variable");
    if (*name == '\0' || std::strchr(name, '=') != nullptr) {
      throw std::invalid_argument("The name of a variable must not be empty or contain '='.");
    }
    options.environment[name] = value == nullptr ? std::nullopt : std::optional<std::string>(value);
  });
}

portend_status portend_server_set_directory(portend_server* server, const char* path) noexcept {
  return set(server, [&](server::Options& options) { options.directory = text_or_empty(path); });
}

portend_status portend_server_set_name(portend_server* server, const char* name) noexcept {
  return set(server, [&](server::Options& options) {
    auto text = text_or_empty(name);
    if (!net::is_utf8(text) || net::has_control_characters(text)) {
      throw std::invalid_argument("The name of a server must be UTF-8 without control characters.");
    }
    options.name = std::move(text);
  });
}

portend_status portend_server_set_port(portend_server* server, int port) noexcept {
  return set(server, [&](server::Options& options) {
    options.fixed_port = port == 0 ? std::uint16_t{0} : capi::port_argument(port);
  });
}

portend_status portend_server_set_finder(portend_server* server, portend_finder* finder) noexcept {
  return set(server, [&](server::Options& options) {
    if (finder != nullptr && finder->is_inherited()) {
      throw std::invalid_argument("This finder belongs to the parent of this process: make another finder.");
    }
    options.search = finder == nullptr ? ports::SearchOptions() : finder->options;
  });
}

portend_status portend_server_set_any_port(portend_server* server, int enabled) noexcept {
  return set(server, [&](server::Options& options) { options.any_port = capi::flag_argument(enabled); });
}

portend_status portend_server_set_any_owner(portend_server* server, int enabled) noexcept {
  return set(server, [&](server::Options& options) { options.any_owner = capi::flag_argument(enabled); });
}

portend_status portend_server_set_reserved(portend_server* server, int enabled) noexcept {
  return set(server, [&](server::Options& options) { options.reserved = capi::flag_argument(enabled); });
}

portend_status portend_server_set_output(portend_server* server, const char* path) noexcept {
  return set(server, [&](server::Options& options) { options.output_path = text_or_empty(path); });
}

portend_status portend_server_set_output_fd(portend_server* server, int fd, const char* prefix) noexcept {
  return set(server, [&](server::Options& options) {
    capi::in_range(fd, -1, INT32_MAX, "A descriptor");
    auto text = text_or_empty(prefix);
    if (text.size() > longest_prefix) throw std::invalid_argument("The prefix is longer than 256 bytes.");
    options.output.reset();
    if (fd >= 0) options.output = os::duplicate_for_output(fd);
    options.output_prefix = std::move(text);
  });
}

portend_status portend_server_set_grace(portend_server* server, int64_t grace_ms) noexcept {
  return set(server, [&](server::Options& options) {
    options.grace =
        std::chrono::milliseconds(capi::in_range(grace_ms, 0, longest_grace_ms, "A grace in milliseconds"));
  });
}

portend_status portend_server_set_interrupt(portend_server* server, portend_interrupt_hook hook,
                                            void* context) noexcept {
  return capi::with_handle(server, [&](portend_server& self) {
    self.server.set_interrupt({hook, context});
    return PORTEND_OK;
  });
}

void portend_server_cancel(portend_server* server) noexcept {
  if (server != nullptr && !server->is_inherited()) server->server.cancel();
}

int portend_server_port(portend_server* server) noexcept {
  return capi::ask_handle(server, 0, [](portend_server& self) { return int{self.server.port()}; });
}

int64_t portend_server_pid(portend_server* server) noexcept {
  return capi::ask_handle(server, std::int64_t{0},
                          [](portend_server& self) { return self.server.report().pid; });
}

int portend_server_alive(portend_server* server) noexcept {
  return capi::ask_handle(server, 0, [](portend_server& self) { return self.server.alive() ? 1 : 0; });
}

int portend_server_exit_status(portend_server* server) noexcept {
  return capi::ask_handle(server, -1, [](portend_server& self) {
    const auto exit = self.server.report().exit;
    return exit ? capi::shell_status(*exit) : -1;
  });
}

const char* portend_server_output(portend_server* server) noexcept {
  return capi::ask_handle(server, "", [](portend_server& self) {
    const auto text = capi::output_lines(self.server.report().output);
    const std::lock_guard lock(self.mutex);
    self.output_text = text;
    return self.output_text.c_str();
  });
}

int portend_server_fd(portend_server* server) noexcept {
  return capi::ask_handle(server, -1, [](portend_server& self) { return self.server.descriptor(); });
}

const char* portend_server_message(portend_server* server) noexcept { return capi::message_of(server); }

int portend_server_errno(portend_server* server) noexcept { return capi::errno_of(server); }
