// SPDX-License-Identifier: MIT
// The servers of `run`: started together, waited for side by side, stopped in reverse order.
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

  /// Starts all. Throws LibraryFailure.
  void launch();

  /// Looks once which of them are ready now. Gives the status of one that cannot become ready, or
  /// PORTEND_OK; its message is printed.
  portend_status check_ready();
  [[nodiscard]] bool all_ready() const;

  /// Prints why those that are not ready are not.
  void explain_timeout() const;

  /// Prints which have ended since the last call, and gives their number.
  int report_deaths();
  [[nodiscard]] bool any_alive() const;

  /// The variables of all: "WEB_PORT".
  void set_environment() const;

  /// Adds the descriptors that become readable when a server ends.
  void add_descriptors(std::vector<pollfd>& descriptors) const;

  [[nodiscard]] std::size_t size() const { return lines_.size(); }
  [[nodiscard]] portend_server* handle(std::size_t server) const { return handles_[server].get(); }
  [[nodiscard]] std::vector<portend_server*> handles() const;

  /// Waits until the port is free, and tells of the end. All processes have to have ended.
  void conclude_stop(std::size_t server);

 private:
  using Clock = std::chrono::steady_clock;

  void configure(std::size_t server, const ServerOutput& output, std::int64_t grace_ms) const;

  std::vector<ServerLine> lines_;
  std::vector<Server> handles_;
  std::vector<bool> ready_;
  std::vector<bool> dead_;  // and told of
  Clock::time_point launched_at_{};
  bool quiet_;
  const RunLog& log_;
};

}  // namespace portend::cli
