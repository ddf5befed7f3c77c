// SPDX-License-Identifier: MIT
#include "os/posix/output_tail.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <thread>

#include "support/unit.hpp"

using portend::os::OutputTail;

namespace {

/// An endless text, of which every part shows whether it is consecutive.
class Digits {
 public:
  void append_to(OutputTail& tail, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) piece_.at(i) = digit(at_++);
    tail.append(piece_.data(), size);
  }
  [[nodiscard]] std::string last(std::size_t size) const {
    std::string result;
    for (auto at = at_ - size; at < at_; ++at) result += digit(at);
    return result;
  }

 private:
  static char digit(std::size_t at) { return static_cast<char>('0' + at % 10); }

  std::size_t at_ = 0;
  std::array<char, 4096> piece_{};
};

bool is_consecutive(const std::string& text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] != (text[i - 1] == '9' ? '0' : text[i - 1] + 1)) return false;
  }
  return true;
}

void the_last_bytes_are_kept() {
  const auto tail = std::make_unique<OutputTail>();
  Digits digits;
  expect_equal(tail->text(), std::string());
  digits.append_to(*tail, 7);
  expect_equal(tail->text(), digits.last(7));
  for (int i = 0; i < 100; ++i) digits.append_to(*tail, 4093);
  expect_equal(tail->text(), digits.last(OutputTail::longest_text));
}

void a_text_is_consecutive_while_others_append() {
  constexpr int pieces = 20000;
  const auto tail = std::make_unique<OutputTail>();
  std::atomic<bool> over = false;
  std::thread writer([&] {
    Digits digits;
    for (int i = 0; i < pieces; ++i) digits.append_to(*tail, 4096);
    over = true;
  });
  bool all = true;
  while (!over) all = all && is_consecutive(tail->text());
  writer.join();
  expect(all);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(the_last_bytes_are_kept),
      unit(a_text_is_consecutive_while_others_append),
  };
  return cmocka_run_group_tests_name("output tail", tests, nullptr, nullptr);
}
