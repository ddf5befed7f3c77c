// SPDX-License-Identifier: MIT
// Getters for the targets of a waiter.
#include "capi/convert.hpp"
#include "capi/messages.hpp"
#include "capi/waiter.hpp"

using namespace portend;

namespace {

/// Returns the answer for one target; `otherwise` if there is no such target.
template <class Answer, class Question>
Answer ask_target(portend_waiter* waiter, int index, Answer otherwise, Question&& question) noexcept {
  return capi::ask_handle(waiter, otherwise, [&](portend_waiter& self) -> Answer {
    const auto lock = self.waiter.lock();
    const auto& targets = self.waiter.table().targets();
    if (index < 0 || static_cast<std::size_t>(index) >= targets.size()) return otherwise;
    return question(targets[static_cast<std::size_t>(index)]);
  });
}

}  // namespace

int portend_waiter_count(portend_waiter* waiter) noexcept {
  return capi::ask_handle(waiter, 0, [](portend_waiter& self) {
    const auto lock = self.waiter.lock();
    return static_cast<int>(self.waiter.table().targets().size());
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

/// There are few addresses; each text is kept until the waiter is destroyed.
const char* portend_waiter_address(portend_waiter* waiter, int index) noexcept {
  return ask_target(waiter, index, "", [&](const wait::Target& target) {
    if (!target.decided_by) return "";
    const std::lock_guard lock(waiter->mutex);
    return waiter->addresses.insert(os::ip_to_text(*target.decided_by)).first->c_str();
  });
}

int64_t portend_waiter_elapsed_us(portend_waiter* waiter, int index) noexcept {
  return ask_target(waiter, index, std::int64_t{0}, [&](const wait::Target& target) {
    const auto began = waiter->waiter.wait().began;
    if (began == os::Instant()) return std::int64_t{0};
    const auto end = target.reached ? target.reached_at : os::Clock::now();
    return std::chrono::duration_cast<std::chrono::microseconds>(end - began).count();
  });
}

int64_t portend_waiter_probes(portend_waiter* waiter, int index) noexcept {
  return ask_target(waiter, index, std::int64_t{0},
                    [](const wait::Target& target) { return static_cast<std::int64_t>(target.probes); });
}

const char* portend_waiter_explain(portend_waiter* waiter, int index) noexcept {
  return ask_target(waiter, index, "", [&](const wait::Target&) {
    auto message = capi::explain(waiter->waiter.table(), static_cast<wait::TargetId>(index));
    message.note_sockets();
    const std::lock_guard lock(waiter->mutex);
    waiter->explanation = message.text();
    return waiter->explanation.c_str();
  });
}

const char* portend_waiter_message(portend_waiter* waiter) noexcept { return capi::message_of(waiter); }

int portend_waiter_errno(portend_waiter* waiter) noexcept { return capi::errno_of(waiter); }
