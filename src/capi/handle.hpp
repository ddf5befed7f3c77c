// SPDX-License-Identifier: MIT
// How the functions of a handle are entered.
#pragma once

#include <atomic>
#include <mutex>

#include "capi/guard.hpp"
#include "capi/message.hpp"

namespace portend::capi {

struct Handle {
  /// One thread at a time waits, searches or changes something.
  std::atomic<bool> busy = false;
  /// Held while what is behind the handle changes, and while it is asked.
  std::mutex mutex;
  Message message;
};

/// Keeps the message of the calling thread as the handle's.
inline void keep_message(Handle& handle) noexcept {
  try {
    const std::lock_guard lock(handle.mutex);
    handle.message = last_error();
  } catch (...) {
    // No memory for it: the status says what there is to say.
  }
}

template <class AnyHandle, class Body>
portend_status with_handle(AnyHandle* handle, Body&& body) noexcept {
  if (handle == nullptr) return fail(PORTEND_ERR_INVALID, "The handle is NULL.");
  if (handle->busy.exchange(true)) {
    const auto refused =
        fail(PORTEND_ERR_INVALID, "Another thread uses this handle: wait for it, or make another handle.");
    keep_message(*handle);
    return refused;
  }
  const auto status = guard([&] { return body(*handle); });
  keep_message(*handle);
  handle->busy.store(false);
  return status;
}

}  // namespace portend::capi
