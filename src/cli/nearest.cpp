// SPDX-License-Identifier: MIT
#include "nearest.hpp"

#include <algorithm>

namespace portend::cli {

namespace {

constexpr std::size_t longest_word = 40;

/// The number of letters that must be changed, added, removed or swapped with the next one (optimal string
/// alignment distance).
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::vector<std::size_t>> costs(from.size() + 1, std::vector<std::size_t>(to.size() + 1));
  for (std::size_t i = 0; i <= from.size(); ++i) costs[i][0] = i;
  for (std::size_t j = 0; j <= to.size(); ++j) costs[0][j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t change = from[i - 1] == to[j - 1] ? 0 : 1;
      auto& cost = costs[i][j];
      cost = std::min({costs[i - 1][j] + 1, costs[i][j - 1] + 1, costs[i - 1][j - 1] + change});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) cost = std::min(cost, costs[i - 2][j - 2] + 1);
    }
  }
  return costs.back().back();
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
  if (word.size() < 3 || word.size() > longest_word) return {};
  std::optional<std::string> best;
  // One wrong letter is allowed in a short word, and a quarter of the letters in a long one.
  auto least = std::max<std::size_t>(word.size() / 4, 1) + 1;
  for (const auto& each : known) {
    const bool abbreviated = each.starts_with(word);
    const auto cost = abbreviated ? 1 : distance(word, each);
    if (cost >= least) continue;
    least = cost;
    best = each;
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known,
                         const std::string& otherwise) {
  const auto near = nearest(word, known);
  return near ? "did you mean " + *near + "?" : otherwise;
}

}  // namespace portend::cli
