// SPDX-License-Identifier: MIT
// cmocka for C++. A failed assertion of cmocka is a longjmp, which must not cross a frame that owns
// something. So a failed expectation throws instead. This releases what the test owns; cmocka is told
// afterwards, from a frame that owns nothing (proved() below). In a test, use expect and expect_equal. Do not
// use assertions of cmocka, nor helpers of support/*.h that contain some: if they fail, what the test owns
// leaks.
#pragma once

#include <array>
#include <cstdio>
#include <exception>
#include <sstream>
#include <string>

#include "support/test.h"

namespace portend::test {

struct Failed {
  std::string what;
  const char* file;
  int line;
};

/// Leaves the test with a reason.
struct Skipped {
  const char* why;
};

template <class Value>
std::string shown(const Value& value) {
  std::ostringstream text;
  if constexpr (std::is_enum_v<Value>) {
    text << static_cast<long long>(value);
  } else if constexpr (requires { value.count(); }) {
    text << value.count();
  } else if constexpr (requires { text << value; }) {
    text << value;
  } else {
    text << "(a value)";
  }
  return text.str();
}

inline void expect_at(bool is_so, const char* what, const char* file, int line) {
  if (!is_so) throw Failed{what, file, line};
}

template <class Left, class Right>
void expect_equal_at(const Left& left, const Right& right, const char* what, const char* file, int line) {
  if (left == right) return;
  throw Failed{std::string(what) + ": " + shown(left) + " is not " + shown(right), file, line};
}

#define expect(condition) portend::test::expect_at(condition, #condition, __FILE__, __LINE__)
#define expect_equal(left, right) \
  portend::test::expect_equal_at(left, right, #left " == " #right, __FILE__, __LINE__)

struct Verdict {
  bool failed = false;
  const char* skipped = nullptr;
  std::array<char, 512> what{};
  const char* file = "";
  int line = 0;
};

inline Verdict verdict_of(void (*test)()) {
  Verdict verdict;
  const auto note = [&](const std::string& what, const char* file, int line) {
    verdict.failed = true;
    std::snprintf(verdict.what.data(), verdict.what.size(), "%s", what.c_str());
    verdict.file = file;
    verdict.line = line;
  };
  try {
    test();
  } catch (const Failed& failure) {
    note(failure.what, failure.file, failure.line);
  } catch (const Skipped& skipped) {
    verdict.skipped = skipped.why;
  } catch (const std::exception& failure) {
    note(std::string("an exception: ") + failure.what(), __FILE__, __LINE__);
  }
  return verdict;
}

template <void (*test)()>
void proved(void** state) {
  static_cast<void>(state);
  const Verdict verdict = verdict_of(test);
  if (verdict.skipped != nullptr) skip_because(verdict.skipped);
  if (!verdict.failed) return;
  print_error("%s\n", verdict.what.data());
  _fail(verdict.file, verdict.line);
}

/// A test for cmocka_run_group_tests.
#define unit(function) \
  CMUnitTest { #function, portend::test::proved < function>, nullptr, nullptr, nullptr }

}  // namespace portend::test
