// SPDX-License-Identifier: MIT
#include "plan.hpp"

#include <algorithm>
#include <optional>

#include "nearest.hpp"
#include "text.hpp"

namespace portend::cli {

namespace {

/// The words for all states of the library.
std::vector<std::string> words_for_states() {
  const std::string unknown = portend_state_text(PORTEND_STATE_UNKNOWN);
  std::vector<std::string> words;
  for (portend_state state = PORTEND_STATE_OCCUPIED; portend_state_text(state) != unknown; ++state) {
    words.emplace_back(portend_state_text(state));
  }
  return words;
}

std::optional<portend_state> state_called(const std::string& word, const std::vector<std::string>& states) {
  const auto found = std::ranges::find(states, word);
  if (found == states.end()) return {};
  return PORTEND_STATE_OCCUPIED + static_cast<portend_state>(found - states.begin());
}

[[noreturn]] void reject_state_without_target(const std::string& state, const Plan& plan) {
  throw UsageError(plan.empty() ? "The target is missing: write it before the state, as in localhost:8080 " +
                                      state + "."
                                : "'" + state + "' has no target: a state belongs to the targets before it.");
}

WantedTarget parse_word(const std::string& word, const std::vector<std::string>& states) {
  const auto near = word.find(':') == word.npos ? nearest(word, states) : std::nullopt;
  if (near) {
    throw UsageError("'" + printable(word) + "' is neither a target nor a state: did you mean " + *near +
                     "?");
  }
  return {parse_target(word)};
}

}  // namespace

Plan parse_plan(const std::vector<std::string>& words) {
  if (words.empty()) throw UsageError("Nothing to wait for: write HOST:PORT occupied, or HOST:PORT free.");
  const auto states = words_for_states();
  Plan plan;
  std::size_t first_without_state = 0;
  for (const auto& word : words) {
    const auto state = state_called(word, states);
    if (!state) {
      plan.push_back(parse_word(word, states));
      continue;
    }
    if (first_without_state == plan.size()) reject_state_without_target(word, plan);
    for (; first_without_state < plan.size(); ++first_without_state)
      plan[first_without_state].wanted = *state;
  }
  if (first_without_state < plan.size()) {
    throw UsageError("The state of " + plan.back().text + " is missing: write occupied or free after it.");
  }
  return plan;
}

}  // namespace portend::cli
