// SPDX-License-Identifier: MIT
#include "os/posix/close_descriptors.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <vector>

#include "support/unit.hpp"

using namespace portend;

namespace {

/// At the borders of the batches that are asked about, and at the limit.
constexpr std::array numbers{3, 4, 10, 255, 256, 257, 511, 512, 768, 1000, 1023};

/// Runs `close_some` in a child that has these descriptors and a limit of 1024, and returns those that are
/// left.
template <class CloseSome>
std::vector<int> left_by(CloseSome close_some) {
  std::array<int, 2> ends{};
  expect_equal(pipe(ends.data()), 0);
  const int child = fork();
  if (child == 0) {
    // A number that the tests do not mention.
    const int report = fcntl(ends[1], F_DUPFD, 900);
    constexpr rlimit limit{1024, 1024};
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) _exit(1);
    for (int fd = 3; fd < 1024; ++fd) {
      if (fd != report) close(fd);
    }
    for (const int number : numbers) dup2(report, number);
    close_some(report);
    for (const int number : numbers) {
      if (fcntl(number, F_GETFD) >= 0 && write(report, &number, sizeof number) != sizeof number) _exit(1);
    }
    _exit(0);
  }
  close(ends[1]);
  std::vector<int> left;
  for (int number = 0; read(ends[0], &number, sizeof number) == sizeof number;) left.push_back(number);
  close(ends[0]);
  int status = -1;
  expect_equal(waitpid(child, &status, 0), child);
  expect_equal(status, 0);
  return left;
}

template <class CloseSome>
void expect_left(const std::vector<int>& wanted, CloseSome close_some) {
  const auto left = left_by(close_some);
  expect_equal(left.size(), wanted.size());
  expect(left == wanted);
}

void the_open_descriptors_of_a_range_are_closed() {
  const std::vector<int> all(numbers.begin(), numbers.end());
  expect_left(all, [](int) {});
  expect_left({3, 768, 1000, 1023}, [](int) { os::close_open(4, 512); });
  expect_left({3, 4, 255, 256, 257, 511, 512, 768, 1000, 1023}, [](int) { os::close_open(10, 10); });
  expect_left(all, [](int) { os::close_open(5, 9); });
  expect_left({3, 4, 10, 255, 256, 257, 511, 512, 768},
              [](int report) { os::close_open(static_cast<unsigned>(report) + 1, UINT_MAX); });
}

void all_but_some_are_closed() {
  expect_left({3, 256}, [](int report) { os::close_all_except(std::array{-1, 3, 256, report}); });
  expect_left({1023}, [](int report) { os::close_all_except(std::array{report, 1023}); });
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(the_open_descriptors_of_a_range_are_closed),
      unit(all_but_some_are_closed),
  };
  return cmocka_run_group_tests_name("os/close_descriptors", tests, nullptr, nullptr);
}
