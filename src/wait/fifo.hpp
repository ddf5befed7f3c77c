// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <memory>
#include <utility>

namespace portend::wait {

/// A queue that allocates no memory before its first use, unlike std::deque. Most queues stay unused.
template <class Item>
class Fifo {
 public:
  [[nodiscard]] bool empty() const { return !items_ || items_->empty(); }
  [[nodiscard]] const Item& front() const { return items_->front(); }

  void push(Item item) {
    if (!items_) items_ = std::make_unique<std::deque<Item>>();
    items_->push_back(std::move(item));
  }

  void pop() { items_->pop_front(); }
  void clear() {
    if (items_) items_->clear();
  }

 private:
  std::unique_ptr<std::deque<Item>> items_;
};

}  // namespace portend::wait
