// SPDX-License-Identifier: MIT
#include "capi/guard.hpp"

namespace portend::capi {

namespace {

thread_local Sentence last;

}  // namespace

void forget_error() noexcept { last = {}; }

const Sentence& last_error() noexcept { return last; }

portend_status fail(portend_status status, Sentence sentence) noexcept {
  last = std::move(sentence);
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
  thread_local std::string kept;
  kept = sentence.text();
  return kept.c_str();  // NOLINT(clang-analyzer-cplusplus.InnerPointer): it lives as long as the thread
}

}  // namespace portend::capi

const char* portend_last_error() noexcept {
  // Not among the lent texts, so that asking for something else leaves it valid.
  thread_local std::string kept;
  return portend::capi::ask("", [&] {
    kept = portend::capi::last.text();
    return kept.c_str();  // NOLINT(clang-analyzer-cplusplus.InnerPointer): it lives as long as the thread
  });
}
