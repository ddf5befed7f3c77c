// SPDX-License-Identifier: MIT
// Guards the functions of handles.
#pragma once

#include <atomic>
#include <mutex>
#include <string>

#include "capi/guard.hpp"
#include "capi/message.hpp"
#include "os/process.hpp"

namespace portend::capi {

struct Handle {
  /// The process that created the handle. After a fork, the child's copy has no threads and is invalid.
  const std::int64_t process = os::own_pid();
  /// Set while a thread waits, searches or changes something; others are refused.
  std::atomic<bool> busy = false;
  /// Guards the members below.
  std::mutex mutex;
  Failure last_failure;
  std::string message_text;

  [[nodiscard]] bool is_inherited() const { return process != os::own_pid(); }
};

/// Copies the failure of the calling thread to the handle.
inline void keep_failure(Handle& handle) noexcept {
  try {
    const std::lock_guard lock(handle.mutex);
    handle.last_failure = last_failure();
  } catch (...) {
    // No memory for the message: the status must be enough.
  }
}

/// Runs the body of a function that changes a handle or waits on it.
template <class AnyHandle, class Body>
portend_status with_handle(AnyHandle* handle, Body&& body) noexcept {
  if (handle == nullptr) return fail(PORTEND_ERR_INVALID, "The handle is NULL.");
  if (handle->is_inherited()) {
    return fail(PORTEND_ERR_INVALID,
                "This handle belongs to the parent of this process: make another handle.");
  }
  if (handle->busy.exchange(true)) {
    return fail(PORTEND_ERR_INVALID,
                "Another thread uses this handle: wait until it has finished, or make another handle.");
  }
  const auto status = guard([&] { return body(*handle); });
  keep_failure(*handle);
  handle->busy.store(false);
  return status;
}

/// Runs the body of a getter, and returns its answer; `otherwise` on failure.
template <class AnyHandle, class Answer, class Body>
Answer ask_handle(AnyHandle* handle, Answer otherwise, Body&& body) noexcept {
  return ask(otherwise, [&]() -> Answer {
    if (handle == nullptr || handle->is_inherited()) return otherwise;
    return body(*handle);
  });
}

/// Returns the message of the last failure, in memory of the handle.
inline const char* message_of(Handle* handle) noexcept {
  return ask_handle(handle, "", [](Handle& self) {
    const std::lock_guard lock(self.mutex);
    self.message_text = self.last_failure.message.text();
    return self.message_text.c_str();
  });
}

inline int errno_of(Handle* handle) noexcept {
  return ask_handle(handle, 0, [](Handle& self) {
    const std::lock_guard lock(self.mutex);
    return self.last_failure.error;
  });
}

}  // namespace portend::capi
