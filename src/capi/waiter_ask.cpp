// SPDX-License-Identifier: MIT
// What is known of the targets of a waiter.
#include "capi/convert.hpp"
#include "capi/messages.hpp"
#include "capi/waiter.hpp"

using namespace portend;

namespace {

/// Asks about one target; `otherwise` where there is no such target.
template <class Answer, class PendingOwner>
Answer ask_target(portend_waiter* waiter, int index, Answer otherwise, PendingOwner&& question) noexcept {
  return capi::ask(otherwise, [&]() -> Answer {
    if (waiter == nullptr) return otherwise;
    const std::lock_guard lock(waiter->mutex);
    const auto& targets = waiter->engine.board().targets();
    if (index < 0 || static_cast<std::size_t>(index) >= targets.size()) return otherwise;
    return question(targets[static_cast<std::size_t>(index)]);
  });
}

}  // namespace

int portend_waiter_count(portend_waiter* waiter) noexcept {
  return capi::ask(0, [&] {
    if (waiter == nullptr) return 0;
    const std::lock_guard lock(waiter->mutex);
    return static_cast<int>(waiter->engine.board().targets().size());
  });
}

portend_state portend_waiter_state(portend_waiter* waiter, int index) noexcept {
  return ask_target(waiter, index, int{PORTEND_STATE_UNKNOWN},
                    [](const wait::Target& target) { return capi::public_state(target.state); });
}

int portend_waiter_reached(portend_waiter* waiter, int index) noexcept {
  return ask_target(waiter, index, 0, [](const wait::Target& target) { return target.reached ? 1 : 0; });
}

portend_reason portend_waiter_reason(portend_waiter* waiter, int index) noexcept {
  return ask_target(waiter, index, int{PORTEND_REASON_NONE},
                    [](const wait::Target& target) { return capi::public_reason(target.reason); });
}

const char* portend_waiter_address(portend_waiter* waiter, int index) noexcept {
  return ask_target(waiter, index, "", [](const wait::Target& target) {
    return capi::thread_string(target.decided_by ? os::ip_to_text(*target.decided_by) : std::string());
  });
}

int64_t portend_waiter_elapsed_us(portend_waiter* waiter, int index) noexcept {
  return ask_target(waiter, index, std::int64_t{0}, [&](const wait::Target& target) {
    const auto end = target.reached ? target.reached_at : os::Clock::now();
    const auto began = waiter->engine.began();
    if (began == os::Instant()) return std::int64_t{0};
    return std::chrono::duration_cast<std::chrono::microseconds>(end - began).count();
  });
}

int64_t portend_waiter_probes(portend_waiter* waiter, int index) noexcept {
  return ask_target(waiter, index, std::int64_t{0},
                    [](const wait::Target& target) { return static_cast<std::int64_t>(target.probes); });
}

const char* portend_waiter_explain(portend_waiter* waiter, int index) noexcept {
  return ask_target(waiter, index, "", [&](const wait::Target&) {
    return capi::thread_string(capi::explain(waiter->engine, static_cast<wait::TargetId>(index)));
  });
}

const char* portend_waiter_message(portend_waiter* waiter) noexcept {
  return capi::ask("", [&] {
    if (waiter == nullptr) return "";
    const std::lock_guard lock(waiter->mutex);
    return capi::thread_string(waiter->message);
  });
}
