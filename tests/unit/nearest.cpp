// SPDX-License-Identifier: MIT
#include "cli/nearest.hpp"

#include "support/unit.hpp"

using namespace portend;

namespace {

const std::vector<std::string> states{"occupied", "free", "bindable", "drained"};

std::string near(std::string_view word) { return cli::nearest(word, states).value_or("none"); }

void a_misspelled_word_is_recognized() {
  for (const char* word :
       {"ocupied", "occuppied", "occupied,", "occpuied", "Occupied", "occupie", "occ", "pccupied"}) {
    expect_equal(near(word), std::string("occupied"));
  }
  for (const char* word : {"frei", "fre", "freee", "rfee", "Free", "tree"})
    expect_equal(near(word), std::string("free"));
  expect_equal(near("bindabel"), std::string("bindable"));
  expect_equal(near("drain"), std::string("drained"));
}

void another_word_is_not() {
  for (const char* word : {"", "f", "fr", "localhost", "up", "open", "closed", "fire2", "f-r-e-e", "find"}) {
    expect_equal(near(word), std::string("none"));
  }
  expect_equal(near(std::string(100'000, 'f')), std::string("none"));
}

void the_nearest_of_several_wins() {
  const std::vector<std::string> known{"--prefer", "--preferred", "--pid"};
  expect_equal(cli::nearest("--preferrd", known).value_or("none"), std::string("--preferred"));
  expect_equal(cli::nearest("--prefr", known).value_or("none"), std::string("--prefer"));
}

void advice_is_the_word_or_something_else() {
  expect_equal(cli::did_you_mean("fre", states, "Read the manual."), std::string("did you mean free?"));
  expect_equal(cli::did_you_mean("xyz", states, "Read the manual."), std::string("Read the manual."));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(a_misspelled_word_is_recognized),
      unit(another_word_is_not),
      unit(the_nearest_of_several_wins),
      unit(advice_is_the_word_or_something_else),
  };
  return cmocka_run_group_tests_name("cli/nearest", tests, nullptr, nullptr);
}
