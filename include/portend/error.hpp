// SPDX-License-Identifier: MIT
/// @file
/// Exceptions for failures, and handles with ownership. Part of portend/portend.hpp.
#ifndef PORTEND_ERROR_HPP
#define PORTEND_ERROR_HPP

#include <portend/status.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace portend {

/// A failure: its status, and a message for people.
class error : public std::runtime_error {
 public:
  error(portend_status status, const std::string &message)
      : std::runtime_error(message), status_(status) {}
  [[nodiscard]] portend_status status() const noexcept { return status_; }

 private:
  portend_status status_;
};

/// The state was not reached before the deadline.
class timeout_error : public error {
  using error::error;
};

/// The port is in use.
class not_free_error : public error {
  using error::error;
};

/// The host has no address.
class resolve_error : public error {
  using error::error;
};

/// The wait was canceled.
class canceled_error : public error {
  using error::error;
};

namespace detail {

[[noreturn]] inline void raise(portend_status status, const std::string &message) {
  switch (status) {
    case PORTEND_ERR_TIMEOUT:
      throw timeout_error(status, message);
    case PORTEND_ERR_NOT_FREE:
      throw not_free_error(status, message);
    case PORTEND_ERR_RESOLVE:
      throw resolve_error(status, message);
    case PORTEND_ERR_CANCELED:
      throw canceled_error(status, message);
    default:
      throw error(status, message);
  }
}

inline void check(portend_status status) {
  if (status != PORTEND_OK) raise(status, portend_last_error());
}

/// Returns true for success and false for `no`; throws for any other status.
inline bool holds(portend_status status, portend_status no) {
  if (status == no) return false;
  check(status);
  return true;
}

template <auto Destroy>
struct destroyer {
  template <class Handle>
  void operator()(Handle *handle) const noexcept {
    Destroy(handle);
  }
};

template <class Handle, auto Destroy>
using owned = std::unique_ptr<Handle, destroyer<Destroy>>;

}  // namespace detail

}  // namespace portend

#endif
