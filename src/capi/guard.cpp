// SPDX-License-Identifier: MIT
#include "capi/guard.hpp"

#include <memory>

namespace portend::capi {

namespace {

struct Texts : os::KeptByThread {
  Sentence last_error;
  std::string told_error;  // not among the lent texts: asking for another one leaves it valid
  std::string lent;
};

/// Those of this thread; nullptr as long as there are none.
Texts* texts() noexcept { return dynamic_cast<Texts*>(os::kept_by_thread()); }

Texts& make_texts() {
  if (texts() == nullptr) os::keep_by_thread(std::make_unique<Texts>());
  return *texts();
}

}  // namespace

void forget_error() noexcept {
  if (auto* own = texts()) own->last_error = {};
}

Sentence last_error() {
  const auto* own = texts();
  return own == nullptr ? Sentence() : own->last_error;
}

portend_status fail(portend_status status, Sentence sentence) noexcept {
  try {
    make_texts().last_error = std::move(sentence);
  } catch (const std::bad_alloc&) {
    // No memory for it: the status says what there is to say.
  }
  return status;
}

portend_status fail(portend_status status, const char* sentence) noexcept {
  try {
    return fail(status, Sentence(sentence));
  } catch (const std::bad_alloc&) {
    forget_error();
    return status;
  }
}

portend_status fail(const std::system_error& failure) noexcept {
  try {
    return fail(PORTEND_ERR_SYSTEM, Sentence("The system refused: " + std::string(failure.what()) +
                                             " (errno " + std::to_string(failure.code().value()) + ")."));
  } catch (const std::bad_alloc&) {
    return fail(PORTEND_ERR_SYSTEM, "");
  }
}

const char* lend(const Sentence& sentence) {
  auto& lent = make_texts().lent;
  lent = sentence.text();
  return lent.c_str();
}

}  // namespace portend::capi

const char* portend_last_error() noexcept {
  auto* own = portend::capi::texts();
  if (own == nullptr) return "";
  return portend::capi::ask("", [&] {
    own->told_error = own->last_error.text();
    return own->told_error.c_str();
  });
}
