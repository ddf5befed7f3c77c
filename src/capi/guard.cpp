// SPDX-License-Identifier: MIT
#include "capi/guard.hpp"

#include <memory>

namespace portend::capi {

namespace {

struct Texts : os::ThreadLocalState {
  Failure failure;
  std::string last_error_text;
};

/// The texts of this thread; nullptr if it has none yet.
Texts* texts() noexcept { return dynamic_cast<Texts*>(os::thread_local_state()); }

Texts& make_texts() {
  if (texts() == nullptr) os::set_thread_local_state(std::make_unique<Texts>());
  return *texts();
}

}  // namespace

void forget_failure() noexcept {
  if (auto* own = texts()) own->failure = {};
}

Failure last_failure() {
  const auto* own = texts();
  return own == nullptr ? Failure() : own->failure;
}

portend_status fail(portend_status status, Message message, int error) noexcept {
  try {
    message.note_sockets();
    make_texts().failure = {std::move(message), error};
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
  auto* own = portend::capi::texts();
  if (own == nullptr) return "";
  return portend::capi::ask("", [&] {
    own->last_error_text = own->failure.message.text();
    return own->last_error_text.c_str();
  });
}

int portend_last_errno() noexcept {
  const auto* own = portend::capi::texts();
  return own == nullptr ? 0 : own->failure.error;
}
