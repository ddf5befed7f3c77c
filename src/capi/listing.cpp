// SPDX-License-Identifier: MIT
#include "capi/listing.hpp"

#include <algorithm>

namespace portend::capi {

namespace {

using namespace std::chrono_literals;

/// A listing that takes less than this is not shared.
constexpr os::Duration shortest_shared = 1ms;

/// How long a listing is shared, as a multiple of the time that it took.
constexpr int share_factor = 4;

}  // namespace

std::span<const os::TableEntry> Listing::by_port() {
  const auto began = os::Clock::now();
  if (began < good_until_) return entries_;
  entries_ = os::listening_sockets().value_or(std::vector<os::TableEntry>());
  std::ranges::sort(entries_, {}, [](const os::TableEntry& entry) { return entry.local.port; });
  const auto ended = os::Clock::now();
  const auto took = ended - began;
  good_until_ = took < shortest_shared ? os::Instant::min() : ended + took * share_factor;
  return entries_;
}

}  // namespace portend::capi
