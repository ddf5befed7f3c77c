// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <queue>
#include <vector>

namespace portend::wait {

/// What is due, the earliest first. An item that is not current any more stays until it is due.
template <class Item>
struct DueQueue : std::priority_queue<Item, std::vector<Item>, std::greater<>> {
  /// Removes all items, and keeps their memory.
  void clear() { this->c.clear(); }
};

}  // namespace portend::wait
