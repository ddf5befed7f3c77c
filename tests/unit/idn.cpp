// SPDX-License-Identifier: MIT
#include "net/idn.hpp"

#include <array>
#include <cwctype>

#include "net/punycode.hpp"
#include "support/unit.hpp"

using namespace portend;

namespace {

void punycode_is_that_of_the_rfc() {
  // The samples of RFC 3492, section 7.1, that fit into a label.
  const struct {
    std::u32string label;
    std::string encoded;
  } samples[] = {
      {U"他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"},
      {U"他們爲什麽不說中文", "ihqwctvzc91f659drss3x8bo0yb"},
      {U"Pročprostěnemluvíčesky", "Proprostnemluvesky-uyb24dma41a"},
      {U"למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b"},
      {U"почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"},
      {U"3年B組金八先生", "3B-ww4c5e180e575a65lsy2b"},
      {U"そのスピードで", "d9juau41awczczp"},
      {U"-> $1.00 <-", "-> $1.00 <--"},
      {U"", ""},
      {U"ü", "tda"},
      {U"\U0010ffff", "dn32g"},
  };
  for (const auto& [label, encoded] : samples)
    expect_equal(net::punycode(label).value_or("nothing"), encoded);
}

void a_long_label_has_no_punycode() {
  expect(net::punycode(std::u32string(63, U'\U0010ffff')).has_value());
  expect(!net::punycode(std::u32string(64, U'a')));
}

void a_name_in_another_script_becomes_ascii() {
  const struct {
    const char* host;
    const char* ascii;
  } names[] = {
      {"bücher.example", "xn--bcher-kva.example"},
      {"BÜCHER.Example", "xn--bcher-kva.example"},
      {"straße.example", "xn--strae-oqa.example"},
      {"ŽLUŤOUČKÝ.kůň", "xn--luouk-uva4it5a4g.xn--k-qla0j"},
      {"παράδειγμα.δοκιμή", "xn--hxajbheg2az3al.xn--jxalpdlp"},
      {"ПРИМЕР.испытание", "xn--e1afmkfd.xn--80akhbyknj4f"},
      {"例え。テスト", "xn--r8jz45g.xn--zckzah"},
      {"例え.ｔｅｓｔ", "xn--r8jz45g.test"},
      {"ü.", "xn--tda."},
      {"a.ü.b.c", "a.xn--tda.b.c"},
      {"..ü", "..xn--tda"},
  };
  for (const auto& [host, ascii] : names)
    expect_equal(net::ascii_host(host).value_or("nothing"), std::string(ascii));
}

void other_hosts_stay_as_they_are() {
  for (const char* host :
       {"", "localhost", "example.org", "127.0.0.1", "::1", "xn--bcher-kva.example", "\xff", "\xc3"}) {
    expect(!net::ascii_host(host));
  }
}

void a_label_that_is_too_long_is_no_name() {
  std::string host = "ü";
  for (int i = 0; i < 55; ++i) host += 'a';
  expect(net::ascii_host(host).has_value());
  expect(!net::ascii_host(host + "aaaa"));
}

/// Whether a host of one letter is converted like that of its small letter.
bool has_capital(char32_t letter, char32_t small) {
  std::u32string label{letter};
  const std::u32string expected{small};
  // The letter in UTF-8, with two or three bytes.
  std::string host;
  if (letter < 0x800) {
    host = {static_cast<char>(0xc0 | letter >> 6), static_cast<char>(0x80 | (letter & 0x3f))};
  } else {
    host = {static_cast<char>(0xe0 | letter >> 12), static_cast<char>(0x80 | (letter >> 6 & 0x3f)),
            static_cast<char>(0x80 | (letter & 0x3f))};
  }
  return net::ascii_host(host) == "xn--" + net::punycode(expected).value_or("nothing");
}

void capitals_of_the_european_scripts_become_small_ones() {
  const locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{});
  if (unicode == locale_t{}) throw test::Skipped{"needs the locale C.UTF-8"};
  int capitals = 0;
  constexpr std::array<std::pair<char32_t, char32_t>, 5> blocks{
      {{0xc0, 0x17f}, {0x386, 0x3cf}, {0x400, 0x52f}, {0x531, 0x556}, {0x1e00, 0x1eff}}};
  for (const auto& [first, last] : blocks) {
    for (char32_t letter = first; letter <= last; ++letter) {
      const auto small = static_cast<char32_t>(towlower_l(static_cast<wint_t>(letter), unicode));
      // These become two characters, of which the C library returns the first.
      if (letter == 0x130 || letter == 0x3cf) continue;
      expect(has_capital(letter, small));
      capitals += letter != small ? 1 : 0;
    }
  }
  freelocale(unicode);
  expect(capitals > 300);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(punycode_is_that_of_the_rfc),
      unit(a_long_label_has_no_punycode),
      unit(a_name_in_another_script_becomes_ascii),
      unit(other_hosts_stay_as_they_are),
      unit(a_label_that_is_too_long_is_no_name),
      unit(capitals_of_the_european_scripts_become_small_ones),
  };
  return cmocka_run_group_tests_name("net/idn", tests, nullptr, nullptr);
}
