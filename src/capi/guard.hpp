// SPDX-License-Identifier: MIT
// Ends each public function: an exception becomes a status and a message.
#pragma once

#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "capi/listing.hpp"
#include "capi/message.hpp"
#include "os/thread.hpp"
#include "portend/status.h"

namespace portend::wait {
class Waiter;
}

namespace portend::capi {

/// A status with its message, to be thrown.
class StatusError : public std::runtime_error {
 public:
  StatusError(portend_status status, const std::string& message)
      : std::runtime_error(message), status_(status) {}
  [[nodiscard]] portend_status status() const { return status_; }

 private:
  portend_status status_;
};

/// The values of portend_last_error and portend_last_errno.
struct Failure {
  Message message;
  int error = 0;  // errno, if a system call failed
};

/// What a thread keeps between calls.
struct ThreadState {
  ThreadState();
  ThreadState(const ThreadState&) = delete;
  ThreadState& operator=(const ThreadState&) = delete;
  ~ThreadState();

  Failure failure;
  std::string last_error_text;
  Listing listing;
  std::unique_ptr<wait::Waiter> spare_waiter;
};

/// Returns the state of the calling thread, and makes it if there is none. Throws std::bad_alloc if there is
/// no memory, or no key for thread-specific data.
ThreadState& thread_state();

/// The state of the calling thread; nullptr if it has none yet.
ThreadState* own_state() noexcept;

void forget_failure() noexcept;
Failure last_failure();

/// All of these return the status.
portend_status fail(portend_status status, Message message, int error = 0) noexcept;
portend_status fail(portend_status status, const char* message) noexcept;
portend_status fail(const std::system_error& failure) noexcept;

/// Runs the body of a public function. The body returns a status, or throws: StatusError,
/// std::invalid_argument for an invalid argument, std::system_error if the system refused something.
template <class Body>
portend_status guard(Body&& body) noexcept {
  const os::CancelShield shield;
  forget_failure();
  try {
    return std::forward<Body>(body)();
  } catch (const StatusError& failure) {
    return fail(failure.status(), failure.what());
  } catch (const std::invalid_argument& failure) {
    return fail(PORTEND_ERR_INVALID, failure.what());
  } catch (const std::system_error& failure) {
    return fail(failure);
  } catch (const std::bad_alloc&) {
    return fail(PORTEND_ERR_NO_MEMORY, "Out of memory.");
  } catch (const std::exception& failure) {
    return fail(PORTEND_ERR_INTERNAL, failure.what());
  } catch (...) {
    return fail(PORTEND_ERR_INTERNAL, "An exception of unknown type: a bug in portend.");
  }
}

/// Runs the body of a function that returns an answer. Returns `otherwise` if it throws.
template <class Answer, class Body>
Answer ask(Answer otherwise, Body&& body) noexcept {
  const os::CancelShield shield;
  try {
    return std::forward<Body>(body)();
  } catch (...) {
    return otherwise;
  }
}

}  // namespace portend::capi
