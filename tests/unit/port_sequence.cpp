// SPDX-License-Identifier: MIT
#include "ports/port_sequence.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>
#include <thread>
#include <vector>

#include "support/unit.hpp"

using namespace portend;
using ports::Cursor;
using ports::Range;

namespace {

constexpr std::array ranges{Range{1, 1},         Range{1, 2},         Range{1, 3},
                            Range{40000, 40001}, Range{32768, 60999}, Range{1024, 65535},
                            Range{1, 65535},     Range{65535, 65535}, Range{65000, 65535}};
constexpr std::array starts{0U, 1U, 0x7fffffffU, 0x80000000U, 0xfffffffeU, 0xffffffffU};

void a_walk_visits_each_port_once_before_it_repeats() {
  for (const auto range : ranges) {
    for (const std::uint32_t stride : {1U, 2U}) {
      const auto places = (range.size() + stride - 1) / stride;
      for (const auto start : starts) {
        std::vector<bool> seen(65536);
        for (std::uint32_t count = 0; count < places; ++count) {
          const auto port = ports::port_at({start, count}, range, stride);
          expect(range.contains(port) && !seen[port]);
          expect_equal((port - range.first) % stride, 0U);
          seen[port] = true;
        }
        expect_equal(ports::port_at({start, places}, range, stride),
                     ports::port_at({start, 0}, range, stride));
      }
    }
  }
}

void a_walk_continues_when_its_counter_overflows() {
  for (const auto range : ranges) {
    for (const auto start : starts) {
      for (std::uint32_t count = 0xfffffff0U; count != 16; ++count) {
        expect(range.contains(ports::port_at({start, count}, range, 1)));
        expect(range.contains(ports::port_at({start, count}, range, 2)));
      }
    }
  }
}

void threads_share_one_walk() {
  constexpr std::size_t threads = 4;
  constexpr std::size_t steps = 2000;
  std::array<std::vector<Cursor>, threads> taken;
  {
    std::vector<std::jthread> walkers;
    for (auto& mine : taken) {
      walkers.emplace_back([&mine] {
        for (std::size_t i = 0; i < steps; ++i) mine.push_back(ports::next_cursor());
      });
    }
  }
  std::set<std::uint32_t> counts;
  for (const auto& mine : taken) {
    expect_equal(mine.size(), steps);
    for (const auto& step : mine) {
      expect_equal(step.start, taken[0][0].start);
      counts.insert(step.count);
    }
  }
  expect_equal(counts.size(), threads * steps);
}

/// The first steps of children that are forked in succession, with their process IDs.
struct Child {
  pid_t pid;
  Cursor first;
};

std::vector<Child> fork_children(std::size_t count) {
  const auto size = count * sizeof(Cursor);
  auto* room =
      static_cast<Cursor*>(mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  if (room == MAP_FAILED) return {};
  std::vector<Child> children;
  for (std::size_t i = 0; i < count; ++i) {
    const pid_t pid = fork();
    if (pid == 0) {
      room[i] = ports::next_cursor();
      _exit(0);
    }
    children.push_back({pid, {}});
  }
  for (std::size_t i = 0; i < count; ++i) {
    waitpid(children[i].pid, nullptr, 0);
    children[i].first = room[i];
  }
  munmap(room, size);
  return children;
}

void a_child_starts_anew_at_another_port() {
  const auto own = ports::next_cursor();
  for (const auto& child : fork_children(5)) {
    expect_equal(child.first.count, 0U);
    expect(child.first.start != own.start);
  }
  expect_equal(ports::next_cursor().count, own.count + 1);
}

void neighboring_processes_begin_far_apart() {
  const auto children = fork_children(13);
  expect_equal(children.size(), std::size_t{13});
  for (const auto& one : children) {
    for (const auto& other : children) {
      const auto numbers_apart = std::abs(one.pid - other.pid);
      if (numbers_apart == 0 || numbers_apart > 20) continue;  // other processes may have started in between
      const auto distance =
          std::min(one.first.start - other.first.start, other.first.start - one.first.start);
      // With up to 20 starts, the distance of any two is at least a 30th of the range.
      expect(distance > 0xffffffffU / 30);
    }
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(a_walk_visits_each_port_once_before_it_repeats),
      unit(a_walk_continues_when_its_counter_overflows),
      unit(a_child_starts_anew_at_another_port),
      unit(neighboring_processes_begin_far_apart),
      unit(threads_share_one_walk),
  };
  return cmocka_run_group_tests_name("ports/walk", tests, nullptr, nullptr);
}
