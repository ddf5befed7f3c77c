// SPDX-License-Identifier: MIT
// The servers of `run`: starts them together, waits for all, and stops them in reverse order.
#pragma once

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "handles.hpp"
#include "run_lines.hpp"
#include "run_log.hpp"

namespace portend::cli {

using Server = std::unique_ptr<portend_server, Destroyer<portend_server_destroy>>;

struct ServerOutput {
  bool quiet = false;
  std::string directory;  // of logs; empty: stderr
};

class RunServers {
 public:
  RunServers(std::vector<ServerLine> lines, const ServerOutput& output, std::int64_t grace_ms,
             const RunLog& log);

  /// Starts all servers. Throws LibraryFailure.
  void launch();

  /// Checks once which servers are ready. Returns PORTEND_OK, or the status of a server that cannot become
  /// ready, after printing its message.
  portend_status check_ready();
  [[nodiscard]] bool all_ready() const;

  /// Prints for each server that is not ready why it is not.
  void explain_timeout() const;

  /// Prints which servers have ended since the last call, and returns their number.
  int report_deaths();
  [[nodiscard]] bool any_alive() const;

  /// Sets the port variables of all servers, such as WEB_PORT.
  void set_environment() const;

  /// Adds descriptors that become readable when a server ends.
  void add_descriptors(std::vector<pollfd>& descriptors) const;

  [[nodiscard]] std::size_t size() const { return lines_.size(); }
  [[nodiscard]] portend_server* handle(std::size_t server) const { return handles_[server].get(); }
  [[nodiscard]] std::vector<portend_server*> handles() const;

  /// Waits until the port is free, and reports the end. All processes of the server must have ended.
  void conclude_stop(std::size_t server);

 private:
  using Clock = std::chrono::steady_clock;

  void configure(std::size_t server, const ServerOutput& output, std::int64_t grace_ms) const;

  std::vector<ServerLine> lines_;
  std::vector<Server> handles_;
  std::vector<bool> ready_;
  std::vector<bool> dead_;  // and reported
  Clock::time_point launched_at_{};
  bool quiet_;
  const RunLog& log_;
};

}  // namespace portend::cli
