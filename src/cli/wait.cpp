// SPDX-License-Identifier: MIT
// portend HOST:PORT... STATE [-- COMMAND]
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "commands.hpp"
#include "execute.hpp"
#include "exit_codes.hpp"
#include "handles.hpp"
#include "output.hpp"
#include "print_error.hpp"
#include "progress_line.hpp"
#include "text.hpp"
#include "waiter_options.hpp"

namespace portend::cli {

namespace {

struct Plan {
  std::vector<Target> targets;
  std::string state;
};

bool is_state(const std::string& word) { return word == "occupied" || word == "free"; }

std::string state_of(const std::vector<std::string>& words) {
  const auto states = std::ranges::count_if(words, is_state);
  if (states == 1) return *std::ranges::find_if(words, is_state);
  if (states > 1) throw UsageError("There are several states: write occupied or free once, for all targets.");
  for (const auto& word : words) {
    if (word.find(':') != word.npos) continue;
    throw UsageError("'" + printable(word) +
                     "' is no target and no state: write localhost:8080, say, and occupied or free.");
  }
  throw UsageError(words.empty() ? "Nothing to wait for: write HOST:PORT occupied, or HOST:PORT free."
                                 : "The state is missing: write occupied or free behind the target.");
}

Plan plan_of(const std::vector<std::string>& words) {
  Plan plan{.targets = {}, .state = state_of(words)};
  for (const auto& word : words) {
    if (!is_state(word)) plan.targets.push_back(parse_target(word));
  }
  if (plan.targets.empty()) throw UsageError("The target is missing: write HOST:PORT, as in localhost:8080.");
  return plan;
}

Waiter make_waiter(const WaitOptions& options, const Plan& plan) {
  auto waiter = make_waiter(options);
  const auto wanted = plan.state == "free" ? PORTEND_STATE_FREE : PORTEND_STATE_OCCUPIED;
  for (const auto& target : plan.targets) {
    check(portend_waiter_add(waiter.get(), target.host.c_str(), target.port, wanted, nullptr));
  }
  check(portend_waiter_set_name_retry(waiter.get(), options.retry_dns ? 1 : 0));
  if (options.pid) check(portend_waiter_set_pid(waiter.get(), parse_pid(*options.pid)));
  return waiter;
}

/// How a wait ended. The message is the waiter's only until its next call.
struct Ending {
  portend_status status;
  std::string message;
};

void print_result(portend_waiter* waiter, const Plan& plan, const Ending& ending) {
  nlohmann::ordered_json targets = nlohmann::ordered_json::array();
  for (int i = 0; i < static_cast<int>(plan.targets.size()); ++i) {
    const auto& target = plan.targets[static_cast<std::size_t>(i)];
    targets.push_back({{"host", target.host},
                       {"port", target.port},
                       {"state", portend_state_text(portend_waiter_state(waiter, i))},
                       {"reached", portend_waiter_reached(waiter, i) != 0},
                       {"reason", portend_reason_text(portend_waiter_reason(waiter, i))},
                       {"address", portend_waiter_address(waiter, i)},
                       {"elapsed_us", portend_waiter_elapsed_us(waiter, i)},
                       {"probes", portend_waiter_probes(waiter, i)}});
  }
  print_json({{"wanted", plan.state},
              {"status", ending.status},
              {"success", ending.status == PORTEND_OK},
              {"message", ending.message},
              {"targets", targets}});
}

void print_verbosely(portend_waiter* waiter, const Plan& plan) {
  for (int i = 0; i < static_cast<int>(plan.targets.size()); ++i) {
    if (portend_waiter_reached(waiter, i) == 0) continue;
    const auto& target = plan.targets[static_cast<std::size_t>(i)];
    const std::string address = portend_waiter_address(waiter, i);
    const auto probes = portend_waiter_probes(waiter, i);
    std::fprintf(stderr, "%s is %s after %.3f s. (%s%s%s, %lld %s)\n", target.text.c_str(),
                 plan.state.c_str(), static_cast<double>(portend_waiter_elapsed_us(waiter, i)) / 1e6,
                 portend_reason_text(portend_waiter_reason(waiter, i)), address.empty() ? "" : " by ",
                 address.c_str(), static_cast<long long>(probes), probes == 1 ? "probe" : "probes");
  }
}

Ending run(portend_waiter* waiter, const WaitOptions& options, const Plan& plan) {
  const auto mode = options.any ? PORTEND_ANY : PORTEND_ALL;
  const auto timeout = parse_timeout(options.timeout);
  const ProgressLine line(waiter, plan.targets, plan.state, options.quiet);
  const auto status = portend_waiter_run(waiter, mode, timeout);
  return {.status = status, .message = portend_waiter_message(waiter)};
}

}  // namespace

int wait(const WaitOptions& options, const Command& command) {
  const auto plan = plan_of(options.words);
  const auto waiter = make_waiter(options, plan);
  const auto ending = run(waiter.get(), options, plan);
  if (const int signal = ProgressLine::interrupted_by(); signal != 0) std::raise(signal);

  if (options.json) print_result(waiter.get(), plan, ending);
  if (options.verbose) print_verbosely(waiter.get(), plan);
  if (ending.status != PORTEND_OK) {
    if (!options.quiet) print_error(ending.message);
    return exit_code(ending.status);
  }
  return command.empty() ? exit_success : execute(command);
}

}  // namespace portend::cli
