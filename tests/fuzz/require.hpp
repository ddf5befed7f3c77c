// SPDX-License-Identifier: MIT
#pragma once

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "net/utf8.hpp"

namespace portend::fuzz {

/// What holds for every input; the fuzzer keeps the one for which it does not.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

#define REQUIRE(condition) ::portend::fuzz::require(condition, #condition)

/// A sentence for people: one line, harmless on a terminal, not endless.
inline void require_sentence(std::string_view sentence) {
  REQUIRE(!sentence.empty() && sentence.size() < 1000);
  REQUIRE(sentence.back() == '.' || sentence.back() == '?');
  REQUIRE(net::is_utf8(sentence));
  REQUIRE(!net::has_control_characters(sentence));
}

}  // namespace portend::fuzz
