// SPDX-License-Identifier: MIT
#include "server/server.hpp"

#include <algorithm>
#include <utility>

#include "os/poller.hpp"
#include "wait/backoff.hpp"
#include "wait/waiter.hpp"

namespace portend::server {

namespace {

using namespace std::chrono_literals;

constexpr os::Poller::Token supervisor_token = 0;
constexpr os::Poller::Token cancel_token = 1;

/// How long the port may stay occupied after the last process of its server has ended.
constexpr std::int64_t free_patience_ms = 1000;

bool becomes_free(std::uint16_t port) {
  wait::Waiter waiter;
  for (const char* address : {"127.0.0.1", "::1"}) waiter.add(address, port, wait::Goal::free);
  return waiter.run(wait::Mode::all, free_patience_ms) == wait::Outcome::reached;
}

void replace_all(std::string& text, const std::string& part, const std::string& by) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + by.size())) {
    text.replace(at, part.size(), by);
  }
}

}  // namespace

std::string Options::shown_name() const {
  if (!name.empty()) return name;
  if (command.empty()) return "server";
  return command.front().substr(command.front().rfind('/') + 1);
}

std::uint16_t Server::reserve() {
  if (options_.fixed_port != 0) return port_ = chosen_port_ = options_.fixed_port;
  if (reservation_) return chosen_port_;
  auto search = options_.search;
  search.avoid_ephemeral |= !options_.reserved;  // else the system could assign it before the program listens
  if (chosen_port_ != 0) {                       // the server is started again
    search.preferred = {ports::Range{chosen_port_, chosen_port_}};
    search.only_preferred = true;
  }
  reservation_ =
      std::make_unique<ports::Reservation>(std::move(ports::Reservation::create(search, 1).front()));
  return port_ = chosen_port_ = reservation_->port();
}

std::string Server::filled_in(const std::string& text) const {
  auto result = text;
  replace_all(result, "{port}", std::to_string(chosen_port_));
  return result;
}

os::Program Server::program() const {
  os::Program result{
      .arguments = {}, .environment = os::environment_variables(), .directory = options_.directory};
  for (const auto& argument : options_.command) result.arguments.push_back(filled_in(argument));
  auto changes = options_.environment;
  changes.try_emplace("PORT", std::to_string(chosen_port_));
  std::erase_if(result.environment, [&](const std::string& variable) {
    return changes.contains(variable.substr(0, variable.find('=')));
  });
  for (const auto& [name, value] : changes) {
    if (value) result.environment.push_back(name + "=" + filled_in(*value));
  }
  return result;
}

os::OutputTarget Server::output_target() const {
  if (!options_.output_path.empty())
    return {os::open_output_file(options_.output_path), options_.output_prefix};
  if (options_.output) return {os::duplicate_for_output(options_.output->get()), options_.output_prefix};
  return {};
}

void Server::launch() {
  reserve();
  ready_ = false;
  if (!options_.reserved) reservation_.reset();
  scan_.emplace(chosen_port_, Accepted{.any_port = options_.any_port, .any_owner = options_.any_owner});
  launched_at_ = os::Clock::now();
  auto started = std::make_unique<os::Supervisor>(program(), output_target(), options_.grace);
  const std::lock_guard lock(mutex_);
  supervisor_ = std::move(started);
}

void Server::watch_end_and_cancel(os::Poller& poller) const {
  poller.watch(supervisor_->descriptor(), os::Poller::Interest::readable, supervisor_token);
  poller.watch(wakeup_.descriptor(), os::Poller::Interest::readable, cancel_token);
}

Readiness Server::await_ready(os::Instant until) {
  std::optional<os::Poller> poller;  // created only if the first probe does not succeed
  wait::InterruptPoll interrupt_poll(interrupt_);
  const wait::Settings settings;
  const wait::Backoff backoff(settings);
  auto reason = wait::WakeReason::in_time;
  for (;;) {
    if (canceled_) return Readiness::canceled;
    if (interrupt_poll.is_requested(reason)) return Readiness::interrupted;
    supervisor_->acknowledge();
    if (supervisor_->has_ended()) return Readiness::exited;
    if (const auto found = scan_->find(supervisor_->root())) {
      port_ = *found;
      ready_ = true;
      return Readiness::ready;
    }
    const auto now = os::Clock::now();
    if (now >= until) return Readiness::timed_out;
    const auto next = os::saturating_add(now, backoff.local_poll(now - launched_at_));
    if (!poller) watch_end_and_cancel(poller.emplace());
    const auto awake = poller->wait(std::min({until, next, interrupt_poll.next()}));
    reason = awake ? wait::WakeReason::in_time : wait::WakeReason::by_signal;
  }
}

std::optional<std::uint16_t> Server::other_port() const {
  return scan_ && supervisor_ ? scan_->other_port(supervisor_->root()) : std::nullopt;
}

bool Server::has_other_owner() const {
  return !ready_ && scan_ && supervisor_ && scan_->has_foreign_listener(supervisor_->root());
}

void Server::begin_stop(std::int64_t grace_ms) {
  if (supervisor_) supervisor_->stop(std::chrono::milliseconds(grace_ms));
}

void Server::await_gone() {
  os::Poller poller;
  poller.watch(supervisor_->descriptor(), os::Poller::Interest::readable, supervisor_token);
  while (!supervisor_->is_gone()) {
    poller.wait(os::never);
    supervisor_->acknowledge();
  }
}

Stop Server::stop(std::int64_t grace_ms) {
  if (!supervisor_) {
    reservation_.reset();
    return Stop::stopped;
  }
  begin_stop(grace_ms);
  await_gone();
  const auto report = report_of_supervisor();
  {
    const std::lock_guard lock(mutex_);
    last_report_ = report;
    supervisor_.reset();
  }
  scan_.reset();
  reservation_.reset();
  if (report.left_behind != 0) return Stop::process_left;
  const bool was_ready = ready_.exchange(false);
  return was_ready && !becomes_free(port_) ? Stop::port_occupied : Stop::stopped;
}

void Server::cancel() noexcept {
  canceled_ = true;
  wakeup_.raise();
}

void Server::clear_cancel() noexcept {
  canceled_ = false;
  wakeup_.clear();
}

void Server::disown() noexcept {
  if (supervisor_) supervisor_->disown();
}

bool Server::alive() const {
  const std::lock_guard lock(mutex_);
  if (!supervisor_) return false;
  supervisor_->acknowledge();
  return !supervisor_->has_ended();
}

int Server::descriptor() const {
  const std::lock_guard lock(mutex_);
  return supervisor_ ? supervisor_->descriptor() : -1;
}

Report Server::report_of_supervisor() const {
  return {.pid = supervisor_->program(),
          .alive = !supervisor_->has_ended(),
          .exit = supervisor_->exit(),
          .output = supervisor_->output(),
          .left_behind = supervisor_->left_behind()};
}

Report Server::report() const {
  const std::lock_guard lock(mutex_);
  return supervisor_ ? report_of_supervisor() : last_report_;
}

}  // namespace portend::server
