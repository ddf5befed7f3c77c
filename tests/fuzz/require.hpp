// SPDX-License-Identifier: MIT
#pragma once

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "net/utf8.hpp"

namespace portend::fuzz {

/// A property that must hold for every input. The fuzzer saves an input that violates it.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

#define REQUIRE(condition) ::portend::fuzz::require(condition, #condition)

/// A message for people: one line, safe on a terminal, of limited length.
inline void require_message(std::string_view sentence) {
  REQUIRE(!sentence.empty() && sentence.size() < 1000);
  REQUIRE(sentence.back() == '.' || sentence.back() == '?');
  REQUIRE(net::is_utf8(sentence));
  REQUIRE(!net::has_control_characters(sentence));
}

}  // namespace portend::fuzz
