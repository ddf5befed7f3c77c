// SPDX-License-Identifier: MIT
#include "run_servers.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "print_error.hpp"

namespace portend::cli {

namespace {

std::string failure(portend_server* server) {
  return "portend: " + std::string(portend_server_message(server));
}

void check_server(portend_server* server, portend_status status) {
  if (status != PORTEND_OK) throw LibraryFailure{status, failure(server)};
}

Finder finder_preferring(int port) {
  portend_finder* made = nullptr;
  check(portend_finder_create(&made));
  Finder finder(made);
  if (port != 0) check(portend_finder_add_preferred(made, port, port));
  return finder;
}

}  // namespace

RunServers::RunServers(std::vector<ServerLine> lines, const ServerOutput& output, std::int64_t grace_ms,
                       const RunLog& log)
    : lines_(std::move(lines)), ready_(lines_.size()), dead_(lines_.size()), quiet_(output.quiet), log_(log) {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    portend_server* made = nullptr;
    check(portend_server_create(&made));
    handles_.emplace_back(made);
    configure(i, output, grace_ms);
    check_server(made, portend_server_reserve(made, nullptr));
  }
}

void RunServers::configure(std::size_t server, const ServerOutput& output, std::int64_t grace_ms) const {
  const auto& line = lines_[server];
  auto* const made = handles_[server].get();
  const std::array<const char*, 4> command = {"sh", "-c", line.command.c_str(), nullptr};
  check_server(made, portend_server_set_command(made, command.data()));
  check_server(made, portend_server_set_name(made, line.name.c_str()));
  check_server(made, portend_server_set_any_port(made, line.takes_port ? 0 : 1));
  check_server(made, portend_server_set_any_owner(made, line.any_owner ? 1 : 0));
  check_server(made, portend_server_set_reserved(made, line.reserved ? 1 : 0));
  check_server(made, portend_server_set_grace(made, grace_ms));
  check_server(made, portend_server_set_finder(made, finder_preferring(line.preferred_port).get()));
  if (!output.directory.empty()) {
    check_server(made,
                 portend_server_set_output(made, (output.directory + "/" + line.name + ".log").c_str()));
  } else if (!output.quiet) {
    check_server(made, portend_server_set_output_fd(made, STDERR_FILENO, log_.prefix(server).c_str()));
  }
}

void RunServers::launch() {
  launched_at_ = Clock::now();
  for (std::size_t i = 0; i < size(); ++i) {
    for (std::size_t other = 0; other < size(); ++other) {
      const auto port = std::to_string(portend_server_port(handle(other)));
      check_server(handle(i),
                   portend_server_set_environment(handle(i), lines_[other].variable.c_str(), port.c_str()));
    }
    check_server(handle(i), portend_server_launch(handle(i)));
    log_.started(i, handle(i));
  }
}

portend_status RunServers::check_ready() {
  for (std::size_t i = 0; i < size(); ++i) {
    if (ready_[i]) continue;
    const auto status = portend_server_wait_ready(handle(i), 0);
    if (status == PORTEND_ERR_TIMEOUT) continue;
    if (status != PORTEND_OK) {
      dead_[i] = true;
      log_.exited(i, handle(i));
      print_error(failure(handle(i)));
      return status;
    }
    ready_[i] = true;
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - launched_at_);
    log_.ready(i, handle(i), took.count());
  }
  return PORTEND_OK;
}

bool RunServers::all_ready() const {
  return std::ranges::all_of(ready_, [](bool ready) { return ready; });
}

void RunServers::explain_timeout() const {
  for (std::size_t i = 0; i < size(); ++i) {
    if (!ready_[i]) print_error(failure(handle(i)));
  }
}

int RunServers::report_deaths() {
  int count = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    if (dead_[i] || !ready_[i] || portend_server_alive(handle(i)) != 0) continue;
    dead_[i] = true;
    log_.died(i, handle(i), quiet_);
    ++count;
  }
  return count;
}

bool RunServers::any_alive() const {
  return std::ranges::any_of(handles_,
                             [](const Server& server) { return portend_server_alive(server.get()) != 0; });
}

void RunServers::set_environment() const {
  setenv("PORT", std::to_string(portend_server_port(handle(0))).c_str(), 1);
  for (std::size_t i = 0; i < size(); ++i) {
    setenv(lines_[i].variable.c_str(), std::to_string(portend_server_port(handle(i))).c_str(), 1);
  }
}

void RunServers::add_descriptors(std::vector<pollfd>& descriptors) const {
  for (std::size_t i = 0; i < size(); ++i) {
    if (!dead_[i])
      descriptors.push_back({.fd = portend_server_fd(handle(i)), .events = POLLIN, .revents = 0});
  }
}

std::vector<portend_server*> RunServers::handles() const {
  std::vector<portend_server*> result;
  for (const auto& server : handles_) result.push_back(server.get());
  return result;
}

void RunServers::conclude_stop(std::size_t server) {
  if (portend_server_pid(handle(server)) == 0) return;
  const auto status = portend_server_stop(handle(server), 0);
  if (!dead_[server]) log_.exited(server, handle(server));
  dead_[server] = true;
  if (status != PORTEND_OK) print_error(failure(handle(server)));
}

}  // namespace portend::cli
