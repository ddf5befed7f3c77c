// SPDX-License-Identifier: MIT
// portend kill PORT...
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <set>
#include <string>
#include <vector>

#include "commands.hpp"
#include "duration.hpp"
#include "exit_codes.hpp"
#include "handles.hpp"
#include "output.hpp"
#include "port_arguments.hpp"
#include "port_owners.hpp"
#include "print_error.hpp"
#include "process_handle.hpp"
#include "signals.hpp"

namespace portend::cli {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// How often to check for further processes of a server, which must be signaled also.
constexpr milliseconds look_period{100};

struct KillPlan {
  std::vector<int> ports;
  int signal = SIGTERM;
  bool force = false;
  bool dry_run = false;
  bool quiet = false;
  std::int64_t grace_ms = 0;
  std::int64_t timeout_ms = 0;
};

/// Why a process is not signaled. `by_system`: the system would refuse the signal.
struct Refusal {
  std::string why;
  bool by_system = false;
};

std::string joined(const std::vector<std::string>& items) {
  std::string text = items.front();
  for (std::size_t i = 1; i < items.size(); ++i) text += (i + 1 < items.size() ? ", " : " and ") + items[i];
  return text;
}

std::string listens(const PortOwner& owner) { return " listens on " + joined(owner.addresses); }

std::optional<Refusal> refusal_of(const PortOwner& owner, const std::set<std::int64_t>& ancestry) {
  if (owner.pid == 0) {
    return Refusal{owner.text + listens(owner) +
                       ", and cannot be seen from here: run this as that user, or outside of this container.",
                   true};
  }
  if (owner.pid == 1) {
    return Refusal{owner.text + listens(owner) +
                   ": process 1 is never signaled; stop the service it listens for."};
  }
  if (ancestry.contains(owner.pid)) {
    return Refusal{owner.text + listens(owner) + ": this program runs under it, and would end with it."};
  }
  const int error = ProcessHandle(owner.pid).send(0);
  if (error != EPERM) return {};
  return Refusal{
      owner.text + listens(owner) + ": this user may not signal it; run this as that user or as root.", true};
}

class Killer {
 public:
  explicit Killer(KillPlan plan) : plan_(std::move(plan)), started_(Clock::now()) {}

  int run() {
    auto found = owners_of(plan_.ports);
    // Sockets of a process that is ending may be visible for longer than the process.
    if (found.has(0)) {
      static_cast<void>(wait_until_free(found.listeners));
      found = owners_of(plan_.ports);
    }
    if (const auto code = refuse(found)) return *code;
    print_idle_ports(found);
    if (plan_.dry_run) {
      for (const auto& owner : found.owners) tell("Would send " + signal_text(plan_.signal), owner);
      return exit_success;
    }
    while (!found.listeners.empty()) {
      signal_owners(found);
      if (wait_until_free(found.listeners)) return exit_success;
      if (time_left() == 0) return exit_failure;
      found = owners_of(plan_.ports);
    }
    return exit_success;
  }

 private:
  /// Prints which processes must not be signaled. Returns the exit code if there are any; nothing is signaled
  /// then.
  [[nodiscard]] std::optional<int> refuse(const PortOwners& found) const {
    if (!found.owners.empty() && !proc_is_own()) {
      throw LibraryFailure{
          PORTEND_ERR_UNSUPPORTED,
          "portend: /proc is missing or belongs to another container: processes cannot be identified."};
    }
    std::optional<int> code;
    for (const auto& owner : found.owners) {
      const auto refusal = refusal_of(owner, ancestry_);
      if (!refusal) continue;
      print_error("portend: " + refusal->why);
      code = std::max(code.value_or(0), refusal->by_system ? exit_refused_by_system : exit_failure);
    }
    return code;
  }

  void print_idle_ports(const PortOwners& found) const {
    for (const int port : plan_.ports) {
      if (plan_.quiet || std::ranges::find(found.listeners, port, &Listener::port) != found.listeners.end())
        continue;
      print_error("Nothing listens on port " + std::to_string(port) + ".");
    }
  }

  void tell(const std::string& what, const PortOwner& owner) const {
    if (!plan_.quiet) print(what + " to " + owner.text + ", which" + listens(owner) + ".\n");
  }

  /// Sends each owner each signal once. If another process takes the port over from a server that has ended,
  /// it gets the same signals, unless it must not be signaled.
  void signal_owners(const PortOwners& found) {
    const bool by_force = plan_.force && is_grace_over();
    const int signal = by_force ? SIGKILL : plan_.signal;
    if (!first_signal_) first_signal_ = Clock::now();
    for (const auto& owner : found.owners) {
      if (refusal_of(owner, ancestry_)) continue;
      if (!(by_force ? killed_ : signaled_).insert(owner.pid).second) continue;
      // Opens the handle before a second snapshot. If the snapshot shows the process, the handle is the right
      // one.
      const ProcessHandle process(owner.pid);
      if (owners_of(plan_.ports).has(owner.pid) && process.send(signal) == 0) {
        tell("Sent " + signal_text(signal), owner);
      }
    }
  }

  /// Waits until the deadline, the end of the grace, or the next check of the owners.
  [[nodiscard]] bool wait_until_free(const std::vector<Listener>& listeners) const {
    portend_waiter* made = nullptr;
    check(portend_waiter_create(&made));
    const Waiter waiter(made);
    for (const auto& [address, port] : listeners) {
      check(
          portend_waiter_add(made, portend_client_host(address.c_str()), port, PORTEND_STATE_FREE, nullptr));
    }
    const auto limit =
        time_left() < 0 ? look_period.count() : std::min<std::int64_t>(look_period.count(), time_left());
    const auto status = portend_waiter_run(made, PORTEND_ALL, limit);
    if (status != PORTEND_OK && status != PORTEND_ERR_TIMEOUT) check(status);
    if (status == PORTEND_ERR_TIMEOUT && time_left() == 0 && !plan_.quiet) {
      print_error(portend_waiter_message(made));
      if (!plan_.force)
        print_error("portend: --force sends KILL to processes that do not end by themselves.");
    }
    return status == PORTEND_OK;
  }

  [[nodiscard]] static std::int64_t milliseconds_since(Clock::time_point moment) {
    return std::chrono::duration_cast<milliseconds>(Clock::now() - moment).count();
  }

  /// The grace begins with the first signal: finding the owners may take long.
  [[nodiscard]] bool is_grace_over() const {
    return plan_.grace_ms == 0 || (first_signal_ && milliseconds_since(*first_signal_) >= plan_.grace_ms);
  }

  /// In milliseconds; negative if unlimited.
  [[nodiscard]] std::int64_t time_left() const {
    if (plan_.timeout_ms < 0) return -1;
    return std::max<std::int64_t>(plan_.timeout_ms - milliseconds_since(started_), 0);
  }

  KillPlan plan_;
  Clock::time_point started_;
  std::optional<Clock::time_point> first_signal_;
  std::set<std::int64_t> ancestry_ = own_ancestry();
  std::set<std::int64_t> signaled_;
  std::set<std::int64_t> killed_;
};

KillPlan plan_of(const KillOptions& options) {
  if (options.ports.empty()) throw UsageError("The port is missing: write it, as in 'portend kill 3000'.");
  KillPlan plan;
  for (const auto& text : options.ports) {
    const int port = parse_port_or_service(text);
    if (std::ranges::find(plan.ports, port) == plan.ports.end()) plan.ports.push_back(port);
  }
  if (options.grace && !options.force) throw UsageError("--grace needs --force: write --force also.");
  plan.signal = parse_signal(options.signal);
  plan.force = options.force;
  plan.dry_run = options.dry_run;
  plan.quiet = options.quiet;
  plan.grace_ms = parse_timeout(options.grace.value_or("5"));
  plan.timeout_ms = parse_timeout(options.timeout);
  const bool waits_for_ever = plan.timeout_ms < 0;
  if (plan.force && (plan.grace_ms < 0 || (!waits_for_ever && plan.grace_ms >= plan.timeout_ms))) {
    throw UsageError("--grace must be shorter than --timeout: KILL would never be sent.");
  }
  return plan;
}

}  // namespace

int kill(const KillOptions& options) { return Killer(plan_of(options)).run(); }

}  // namespace portend::cli
