// SPDX-License-Identifier: MIT
#include "net/utf8.hpp"

#include <cstdint>
#include <vector>

#include "support/unit.hpp"

using namespace portend;

namespace {

/// Encodes a character by RFC 3629.
std::string written(std::uint32_t character) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((character >> shift) & 0x3f)); };
  if (character < 0x80) return {static_cast<char>(character)};
  if (character < 0x800) return {static_cast<char>(0xc0 | character >> 6), tail(0)};
  if (character < 0x10000) return {static_cast<char>(0xe0 | character >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | character >> 18), tail(12), tail(6), tail(0)};
}

bool is_character(std::uint32_t number) { return number <= 0x10ffff && (number < 0xd800 || number > 0xdfff); }

void every_character_is_utf8_and_every_surrogate_is_not() {
  for (std::uint32_t number = 0; number < 0x110400; ++number) {
    expect_equal(net::is_utf8(written(number)), is_character(number));
  }
}

/// Every text of one to three bytes must be valid exactly if it encodes characters.
void every_short_text_of_bytes_is_classified_correctly() {
  std::vector<bool> is_written(0x1000000);
  const auto number = [](const std::string& text) {
    std::uint32_t value = 0;
    for (const char c : text) value = value << 8 | static_cast<std::uint8_t>(c);
    return value;
  };
  for (std::uint32_t character = 0x80; character < 0x10000; ++character) {
    if (is_character(character)) is_written[number(written(character))] = true;
  }
  const auto is_right = [&](std::uint32_t first, std::uint32_t second, std::uint32_t third) {
    if (first < 0x80)
      return (second < 0x80 && third < 0x80) || (is_written[second << 8 | third] && second >= 0xc0);
    if (third < 0x80 && is_written[first << 8 | second] && first >= 0xc0) return true;
    return bool(is_written[first << 16 | second << 8 | third]);
  };
  for (std::uint32_t first = 1; first < 256; ++first) {
    for (std::uint32_t second = 0; second < 256; ++second) {
      for (std::uint32_t third = 0; third < 256; third += first >= 0xe0 || first < 0x80 ? 1 : 17) {
        const std::string text{static_cast<char>(first), static_cast<char>(second), static_cast<char>(third)};
        if (net::is_utf8(text) != is_right(first, second, third)) expect_equal(number(text), 0U);
      }
    }
  }
}

void a_character_that_is_cut_or_too_long_is_not_utf8() {
  for (const std::uint32_t character : {0x80U, 0x7ffU, 0x800U, 0xffffU, 0x10000U, 0x10ffffU}) {
    const auto text = written(character);
    for (std::size_t length = 1; length < text.size(); ++length) {
      expect(!net::is_utf8(text.substr(0, length)));
      expect(!net::is_utf8(text.substr(length)));
      expect(!net::is_utf8("a" + text.substr(0, length) + "a"));
    }
    expect(net::is_utf8("a" + text + text + "a"));
  }
  for (const char* overlong :
       {"\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf8\x88\x80\x80\x80"}) {
    expect(!net::is_utf8(overlong));
  }
  expect(net::is_utf8(""));
}

void control_characters_are_found_and_nothing_else_is() {
  for (std::uint32_t number = 0; number < 0x1000; ++number) {
    const bool is_control = number < 0x20 || (number >= 0x7f && number < 0xa0);
    expect_equal(net::has_control_characters("a" + written(number) + "b"), is_control);
  }
  expect(!net::has_control_characters(""));
}

void what_is_shown_is_utf8_without_controls_and_short() {
  std::string bytes;
  std::uint32_t random = 1;
  for (int i = 0; i < 20000; ++i) {
    random = random * 1664525 + 1013904223;
    bytes += static_cast<char>(random >> 24);
    if (bytes.size() > 120) bytes.erase(0, 97);
    const auto shown = net::printable(bytes);
    expect(net::is_utf8(shown) && !net::has_control_characters(shown));
    expect(shown.size() <= 80 + 3 + 3);
  }
}

void a_short_text_is_shown_as_it_is_and_a_long_one_is_cut() {
  expect_equal(net::printable("b\xc3\xbc"
                              "cher"),
               std::string("b\xc3\xbc"
                           "cher"));
  expect_equal(net::printable("a\tb\x7f\xc2\x9b\xff"), std::string("a?b???"));
  expect_equal(net::printable(std::string(80, 'x')), std::string(80, 'x'));
  expect_equal(net::printable(std::string(81, 'x')), std::string(80, 'x') + "...");
  const auto cut = net::printable(std::string(79, 'x') + "\xe2\x82\xac" + "y");
  expect_equal(cut, std::string(79, 'x') + "\xe2\x82\xac...");
}

void characters_that_reorder_or_break_lines_are_not_shown() {
  const auto is_shown = [](std::uint32_t number) {
    return net::printable(written(number)) == written(number);
  };
  for (std::uint32_t number = 0xa0; number < 0x3000; ++number) {
    const bool is_mark = number == 0x61c || number == 0x200e || number == 0x200f;
    const bool is_order = (number >= 0x2028 && number <= 0x202e) || (number >= 0x2066 && number <= 0x2069);
    expect_equal(is_shown(number), !is_mark && !is_order);
  }
}

void the_longest_text_can_be_chosen() {
  expect_equal(net::printable(std::string(200, 'x'), 200), std::string(200, 'x'));
  expect_equal(net::printable(std::string(201, 'x'), 200), std::string(200, 'x') + "...");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(every_character_is_utf8_and_every_surrogate_is_not),
      unit(every_short_text_of_bytes_is_classified_correctly),
      unit(a_character_that_is_cut_or_too_long_is_not_utf8),
      unit(control_characters_are_found_and_nothing_else_is),
      unit(what_is_shown_is_utf8_without_controls_and_short),
      unit(a_short_text_is_shown_as_it_is_and_a_long_one_is_cut),
      unit(characters_that_reorder_or_break_lines_are_not_shown),
      unit(the_longest_text_can_be_chosen),
  };
  return cmocka_run_group_tests_name("net/utf8", tests, nullptr, nullptr);
}
