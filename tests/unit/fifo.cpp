// SPDX-License-Identifier: MIT
#include "wait/fifo.hpp"

#include <memory>
#include <queue>

#include "support/unit.hpp"

using portend::wait::Fifo;

namespace {

void a_fifo_keeps_the_order() {
  Fifo<int> fifo;
  std::queue<int> model;
  std::uint32_t random = 1;
  for (int i = 0; i < 20000; ++i) {
    random = random * 1664525 + 1013904223;
    // Long runs of push or pop, so that the queue grows and empties repeatedly.
    const bool grows = (i / 700) % 2 == 0;
    if ((random >> 24) % 4 != 0 ? grows : !grows) {
      fifo.push(i);
      model.push(i);
    } else if (!model.empty()) {
      expect_equal(fifo.front(), model.front());
      fifo.pop();
      model.pop();
    }
    expect_equal(fifo.empty(), model.empty());
  }
  for (; !model.empty(); model.pop(), fifo.pop()) expect_equal(fifo.front(), model.front());
  expect(fifo.empty());
}

void what_is_cleared_is_empty_and_of_use() {
  Fifo<int> fifo;
  fifo.clear();
  expect(fifo.empty());
  for (int i = 0; i < 100; ++i) fifo.push(i);
  fifo.pop();
  fifo.clear();
  expect(fifo.empty());
  fifo.push(7);
  expect_equal(fifo.front(), 7);
}

void what_is_popped_is_released() {
  Fifo<std::shared_ptr<int>> fifo;
  const auto shared = std::make_shared<int>(0);
  for (int i = 0; i < 10; ++i) fifo.push(shared);
  for (int i = 0; i < 9; ++i) fifo.pop();
  expect_equal(shared.use_count(), 2);
  fifo.pop();
  expect_equal(shared.use_count(), 1);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(a_fifo_keeps_the_order),
      unit(what_is_cleared_is_empty_and_of_use),
      unit(what_is_popped_is_released),
  };
  return cmocka_run_group_tests_name("wait/fifo", tests, nullptr, nullptr);
}
