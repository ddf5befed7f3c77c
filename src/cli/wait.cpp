// SPDX-License-Identifier: MIT
// portend TARGET... STATE [TARGET... STATE]... [-- COMMAND]
#include <unistd.h>

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "duration.hpp"
#include "execute.hpp"
#include "exit_codes.hpp"
#include "handles.hpp"
#include "output.hpp"
#include "plan.hpp"
#include "print_error.hpp"
#include "progress_line.hpp"
#include "stop_signals.hpp"
#include "wait_log.hpp"
#include "waiter_options.hpp"

namespace portend::cli {

namespace {

Waiter make_waiter(const WaitOptions& options, const Plan& plan) {
  auto waiter = make_waiter(options);
  for (const auto& target : plan) {
    check(portend_waiter_add(waiter.get(), target.host.c_str(), target.port, target.wanted, nullptr));
  }
  check(portend_waiter_set_name_retry(waiter.get(), options.retry_dns ? 1 : 0));
  if (options.pid) check(portend_waiter_set_pid(waiter.get(), parse_pid(*options.pid)));
  return waiter;
}

/// The result of a wait. `signal` ended it, or is 0. The message is copied, since the waiter's is valid only
/// until its next call.
struct Ending {
  portend_status status;
  std::string message;
  int signal;
};

/// Explains for each target why it has not reached its state.
std::string explain_missing(portend_waiter* waiter) {
  std::string lines;
  for (int i = 0; i < portend_waiter_count(waiter); ++i) {
    const std::string line = portend_waiter_explain(waiter, i);
    if (!line.empty()) lines += (lines.empty() ? "" : "\n") + line;
  }
  return lines;
}

void print_result(portend_waiter* waiter, const Plan& plan, const Ending& ending) {
  nlohmann::ordered_json targets = nlohmann::ordered_json::array();
  for (int i = 0; i < static_cast<int>(plan.size()); ++i) {
    const auto& target = plan[static_cast<std::size_t>(i)];
    targets.push_back({{"host", target.host},
                       {"port", target.port},
                       {"wanted", portend_state_text(target.wanted)},
                       {"state", portend_state_text(portend_waiter_state(waiter, i))},
                       {"reached", portend_waiter_reached(waiter, i) != 0},
                       {"reason", portend_reason_text(portend_waiter_reason(waiter, i))},
                       {"address", portend_waiter_address(waiter, i)},
                       {"elapsed_us", portend_waiter_elapsed_us(waiter, i)},
                       {"probes", portend_waiter_probes(waiter, i)}});
  }
  print_json({{"status", ending.status},
              {"success", ending.status == PORTEND_OK},
              {"message", ending.message},
              {"targets", targets}});
}

/// The display of a wait: a line on a terminal, or a log.
class Display {
 public:
  Display(portend_waiter* waiter, const WaitOptions& options, const Plan& plan, WaitLog* log)
      : waiter_(waiter) {
    const bool on_terminal = isatty(STDERR_FILENO) == 1;
    if (on_terminal && !options.quiet) line_.emplace(waiter, plan);
    if (!on_terminal) log_ = log;
    if (line_ || log_ != nullptr) check(portend_waiter_set_interrupt(waiter_, update, this));
  }

  ~Display() { portend_waiter_set_interrupt(waiter_, nullptr, nullptr); }
  Display(const Display&) = delete;
  Display& operator=(const Display&) = delete;

 private:
  static int update(void* self) {
    auto& display = *static_cast<Display*>(self);
    if (display.line_) display.line_->draw();
    if (display.log_ != nullptr) display.log_->update();
    return 0;
  }

  portend_waiter* waiter_;
  std::optional<ProgressLine> line_;
  WaitLog* log_ = nullptr;
};

Ending run(portend_waiter* waiter, const WaitOptions& options, const Plan& plan, WaitLog* log) {
  const auto mode = options.any ? PORTEND_ANY : PORTEND_ALL;
  const auto timeout = parse_timeout(options.timeout);
  const Display display(waiter, options, plan, log);
  const StopWait stop(waiter);
  const auto status = portend_waiter_run(waiter, mode, timeout);
  Ending ending{.status = status, .message = portend_waiter_message(waiter), .signal = StopWait::signal()};
  if (ending.signal != 0) ending.message = explain_missing(waiter);
  return ending;
}

}  // namespace

int wait(const WaitOptions& options, const Command& command) {
  const auto plan = parse_plan(options.words);
  const auto waiter = make_waiter(options, plan);
  std::optional<WaitLog> log;
  if (options.verbose) log.emplace(waiter.get(), plan);
  const auto ending = run(waiter.get(), options, plan, log ? &*log : nullptr);

  if (options.json) print_result(waiter.get(), plan, ending);
  if (log) log->finish();
  const bool failed = ending.status != PORTEND_OK || ending.signal != 0;
  if (failed && !options.quiet && !ending.message.empty()) print_error(ending.message);
  if (ending.signal != 0) die_of(ending.signal);
  if (failed) return exit_code(ending.status);
  return command.empty() ? exit_success : execute(command);
}

}  // namespace portend::cli
