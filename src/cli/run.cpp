// SPDX-License-Identifier: MIT
// portend run -s SERVER... [-- COMMAND]
#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <optional>

#include "commands.hpp"
#include "duration.hpp"
#include "exit_codes.hpp"
#include "print_error.hpp"
#include "run_command.hpp"
#include "run_servers.hpp"
#include "run_signals.hpp"
#include "stop_signals.hpp"
#include "text.hpp"

namespace portend::cli {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int exit_server_failed = 125;
constexpr int forever = -1;
constexpr std::int64_t longest_grace_ms = 3'600'000;

std::int64_t grace_of(const std::string& text) {
  const auto grace = parse_timeout(text);
  return grace < 0 ? longest_grace_ms : std::min(grace, longest_grace_ms);
}

class Runner {
 public:
  Runner(const RunOptions& options, const Command& command)
      : options_(options),
        command_(command),
        timeout_ms_(parse_timeout(options.timeout)),
        grace_ms_(grace_of(options.grace)),
        lines_(server_lines(options)),
        log_(lines_, options.json, !command.empty()),
        began_(Clock::now()) {
    for (const auto& target : options.targets) targets_.push_back(parse_target(target));
  }

  int run() {
    make_log_directory();
    servers_.emplace(lines_, ServerOutput{options_.quiet, options_.log_dir.value_or("")}, grace_ms_, log_);
    int code = exit_server_failed;
    try {
      servers_->launch();
      code = await_ready();
      if (code == exit_success) code = await_targets();
      if (code == exit_success) code = use();
    } catch (const LibraryFailure& failure) {
      print_error(failure.message);
      code = exit_server_failed;
    }
    stop();
    if (end_signal_ != 0) die_of(end_signal_);
    return code;
  }

 private:
  void make_log_directory() const;
  int await_ready();
  int await_targets();
  int use();
  int serve();
  int run_command();
  void stop();
  void sleep(int pause_ms);
  std::optional<RunSignal> take_stop_signal();
  [[nodiscard]] bool is_over() const {
    return timeout_ms_ >= 0 && Clock::now() - began_ >= milliseconds(timeout_ms_);
  }

  const RunOptions& options_;
  const Command& command_;
  std::int64_t timeout_ms_;
  std::int64_t grace_ms_;
  std::vector<ServerLine> lines_;
  std::vector<Target> targets_;
  RunLog log_;
  RunSignals signals_;
  Clock::time_point began_;
  std::optional<RunServers> servers_;
  std::optional<RunCommand> running_;
  int end_signal_ = 0;  // by which this process must end
};

void Runner::make_log_directory() const {
  if (!options_.log_dir || mkdir(options_.log_dir->c_str(), 0777) == 0 || errno == EEXIST) return;
  throw LibraryFailure{PORTEND_ERR_SYSTEM, "portend: " + printable(*options_.log_dir) + " cannot be made (" +
                                               std::strerror(errno) + "); name a folder for the logs."};
}

/// Sleeps until a signal has come, a server has ended, or `pause_ms` has passed.
void Runner::sleep(int pause_ms) {
  std::vector<pollfd> descriptors{{.fd = signals_.descriptor(), .events = POLLIN, .revents = 0}};
  servers_->add_descriptors(descriptors);
  poll(descriptors.data(), static_cast<nfds_t>(descriptors.size()), pause_ms);
}

std::optional<RunSignal> Runner::take_stop_signal() {
  while (const auto signal = signals_.take()) {
    if (signal->number != SIGCHLD) return signal;
    // Reaps only after the notice was taken, so that a child that ends later ends the next sleep.
    if (running_) {
      running_->reap();
    } else {
      reap_orphans();
    }
  }
  return {};
}

int Runner::await_ready() {
  while (!servers_->all_ready()) {
    if (const auto signal = take_stop_signal()) {
      end_signal_ = signal->number;
      return exit_failure;
    }
    if (servers_->check_ready() != PORTEND_OK) return exit_server_failed;
    if (servers_->all_ready()) break;
    if (is_over()) {
      servers_->explain_timeout();
      return exit_failure;
    }
    // The interval grows, as in the library.
    const auto waited = Clock::now() - began_;
    sleep(waited < milliseconds(250)
              ? 1
              : static_cast<int>(std::clamp<std::int64_t>(waited / milliseconds(85), 3, 9)));
  }
  return exit_success;
}

/// Waits for the targets of --wait.
int Runner::await_targets() {
  if (targets_.empty()) return exit_success;
  constexpr std::int64_t slice_ms = 100;
  portend_waiter* made = nullptr;
  check(portend_waiter_create(&made));
  const Waiter waiter(made);
  for (const auto& target : targets_) {
    check(portend_waiter_add(made, target.host.c_str(), target.port, PORTEND_STATE_OCCUPIED, nullptr));
  }
  check(portend_waiter_set_name_retry(made, 1));
  for (;;) {
    const auto status = portend_waiter_run(made, PORTEND_ALL, slice_ms);
    if (status == PORTEND_OK) return exit_success;
    if (const auto signal = take_stop_signal()) {
      end_signal_ = signal->number;
      return exit_failure;
    }
    if (servers_->report_deaths() > 0) return exit_server_failed;
    if (status != PORTEND_ERR_TIMEOUT || is_over()) {
      print_error(portend_waiter_message(made));
      return exit_code(status);
    }
  }
}

int Runner::use() {
  log_.all_ready(servers_->handles());
  return command_.empty() ? serve() : run_command();
}

int Runner::serve() {
  for (;;) {
    if (const auto signal = take_stop_signal()) {
      end_signal_ = signal->number;
      return exit_success;
    }
    if (servers_->report_deaths() > 0 && (!options_.keep_going || !servers_->any_alive())) {
      return exit_server_failed;
    }
    sleep(forever);
  }
}

int Runner::run_command() {
  servers_->set_environment();
  running_.emplace(command_, signals_);
  const milliseconds grace(grace_ms_);
  bool failed = false;
  int received = 0;
  for (;;) {
    const auto signal = take_stop_signal();
    if (running_->has_ended()) break;
    if (signal) {
      received = signal->number;
      if (!signal->from_terminal) running_->signal(signal->number, grace);
      continue;
    }
    if (servers_->report_deaths() > 0 && !options_.keep_going) {
      failed = true;
      running_->signal(SIGTERM, grace);
    }
    running_->check_grace();
    constexpr int look_again_ms = 50;
    sleep(running_->kill_at() ? look_again_ms : forever);
  }
  if (failed) return exit_server_failed;
  if (running_->end_signal() != 0 && running_->end_signal() == received) end_signal_ = received;
  return running_->exit_code();
}

/// Stops the servers in reverse order. Another signal ends the grace of all.
void Runner::stop() {
  auto grace = grace_ms_;
  for (std::size_t i = servers_->size(); i-- > 0;) {
    auto* const server = servers_->handle(i);
    const int descriptor = portend_server_fd(server);
    if (descriptor >= 0) portend_server_begin_stop(server, grace);
    for (bool gone = descriptor < 0; !gone;) {
      std::array<pollfd, 2> polled{{{.fd = signals_.descriptor(), .events = POLLIN, .revents = 0},
                                    {.fd = descriptor, .events = POLLIN, .revents = 0}}};
      poll(polled.data(), polled.size(), forever);
      gone = (polled[1].revents & (POLLHUP | POLLERR)) != 0;
      if (polled[1].revents != 0) portend_server_alive(server);  // clears the event
      if (const auto signal = take_stop_signal()) {
        grace = 0;
        portend_server_begin_stop(server, grace);
      }
    }
    servers_->conclude_stop(i);
  }
}

}  // namespace

int run(const RunOptions& options, const Command& command) { return Runner(options, command).run(); }

}  // namespace portend::cli
