// SPDX-License-Identifier: MIT
#include "capi/guard.hpp"

#include <memory>

#include "wait/waiter.hpp"

namespace portend::capi {

ThreadState::ThreadState() = default;
ThreadState::~ThreadState() = default;

namespace {

// extern "C" functions in a namespace are visible to the linker unless they are static.
extern "C" {

static void end_thread_state(void* state) { delete static_cast<ThreadState*>(state); }

}  // extern "C"

}  // namespace

ThreadState* own_state() noexcept { return static_cast<ThreadState*>(os::thread_local_state()); }

ThreadState& thread_state() {
  if (auto* own = own_state()) return *own;
  auto made = std::make_unique<ThreadState>();
  os::set_thread_local_state(made.get(), end_thread_state);
  return *made.release();
}

void forget_failure() noexcept {
  if (auto* own = own_state()) own->failure = {};
}

Failure last_failure() {
  const auto* own = own_state();
  return own == nullptr ? Failure() : own->failure;
}

portend_status fail(portend_status status, Message message, int error) noexcept {
  try {
    message.note_sockets();
    thread_state().failure = {std::move(message), error};
  } catch (const std::bad_alloc&) {
    // No memory for the message: the status must be enough.
  }
  return status;
}

portend_status fail(portend_status status, const char* message) noexcept {
  try {
    return fail(status, Message(message));
  } catch (const std::bad_alloc&) {
    forget_failure();
    return status;
  }
}

portend_status fail(const std::system_error& failure) noexcept {
  const auto error = failure.code().value();
  try {
    return fail(PORTEND_ERR_SYSTEM,
                Message("The system refused: " + std::string(failure.what()) + " (errno " +
                        std::to_string(error) + ")."),
                error);
  } catch (const std::bad_alloc&) {
    return fail(PORTEND_ERR_SYSTEM, Message(), error);
  }
}

}  // namespace portend::capi

const char* portend_last_error() noexcept {
  auto* own = portend::capi::own_state();
  if (own == nullptr) return "";
  return portend::capi::ask("", [&] {
    own->last_error_text = own->failure.message.text();
    return own->last_error_text.c_str();
  });
}

int portend_last_errno() noexcept {
  const auto* own = portend::capi::own_state();
  return own == nullptr ? 0 : own->failure.error;
}
