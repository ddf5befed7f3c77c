// SPDX-License-Identifier: MIT
#include "capi/guard.hpp"

#include <memory>

namespace portend::capi {

namespace {

struct Texts : os::ThreadLocalState {
  Message last_error;
  std::string last_error_text;  // not among the lent texts: asking for another one leaves it valid
  std::string lent;
};

/// Those of this thread; nullptr as long as there are none.
Texts* texts() noexcept { return dynamic_cast<Texts*>(os::thread_local_state()); }

Texts& make_texts() {
  if (texts() == nullptr) os::set_thread_local_state(std::make_unique<Texts>());
  return *texts();
}

}  // namespace

void forget_error() noexcept {
  if (auto* own = texts()) own->last_error = {};
}

Message last_error() {
  const auto* own = texts();
  return own == nullptr ? Message() : own->last_error;
}

portend_status fail(portend_status status, Message message) noexcept {
  try {
    make_texts().last_error = std::move(message);
  } catch (const std::bad_alloc&) {
    // No memory for it: the status says what there is to say.
  }
  return status;
}

portend_status fail(portend_status status, const char* message) noexcept {
  try {
    return fail(status, Message(message));
  } catch (const std::bad_alloc&) {
    forget_error();
    return status;
  }
}

portend_status fail(const std::system_error& failure) noexcept {
  try {
    return fail(PORTEND_ERR_SYSTEM, Message("The system refused: " + std::string(failure.what()) +
                                            " (errno " + std::to_string(failure.code().value()) + ")."));
  } catch (const std::bad_alloc&) {
    return fail(PORTEND_ERR_SYSTEM, "");
  }
}

const char* thread_string(const Message& message) {
  auto& lent = make_texts().lent;
  lent = message.text();
  return lent.c_str();
}

}  // namespace portend::capi

const char* portend_last_error() noexcept {
  auto* own = portend::capi::texts();
  if (own == nullptr) return "";
  return portend::capi::ask("", [&] {
    own->last_error_text = own->last_error.text();
    return own->last_error_text.c_str();
  });
}
