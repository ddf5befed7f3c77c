// SPDX-License-Identifier: MIT
// Two processes try to get the same port at the same moment, thousands of times; exactly one of them must get
// it. Links the archive, because a refusal of the shared library looks up the owner of the port, which takes
// longer than the race.
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "ports/reservation.hpp"
#include "ports/search.hpp"
#include "ports/search_failure.hpp"
#include "support/child.h"
#include "support/unit.hpp"
#include "support/ways.h"

using namespace portend;

namespace {

/// Thousands of rounds in all, and three times as many in ./dev test --full.
const int rounds = std::getenv("PORTEND_FULL") != nullptr ? 2000 : 600;

/// Shared by both processes.
struct Race {
  pthread_barrier_t barrier{};
  std::array<bool, 2> has_port{};
  std::array<int, 2> wins{};
  int ties = 0;    // both got the port
  int losses = 0;  // neither got it
  bool failed = false;
};

class SharedRace {
 public:
  SharedRace() {
    void* const room = mmap(nullptr, sizeof(Race), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    expect(room != MAP_FAILED);
    race_ = new (room) Race;
    pthread_barrierattr_t shared;
    pthread_barrierattr_init(&shared);
    pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(&race_->barrier, &shared, 2);
    pthread_barrierattr_destroy(&shared);
  }
  ~SharedRace() { munmap(race_, sizeof(Race)); }
  SharedRace(const SharedRace&) = delete;
  SharedRace& operator=(const SharedRace&) = delete;

  Race* operator->() { return race_; }
  Race& operator*() { return *race_; }

 private:
  Race* race_ = nullptr;
};

struct Racer {
  std::string host;
  bool udp = false;
};

std::vector<ports::Reservation> try_to_reserve(const ports::SearchOptions& options) {
  try {
    return ports::Reservation::create(options, 1);
  } catch (const ports::NoPort&) {
    return {};
  }
}

void count_round(Race& race) {
  const int winners = (race.has_port[0] ? 1 : 0) + (race.has_port[1] ? 1 : 0);
  race.ties += winners == 2 ? 1 : 0;
  race.losses += winners == 0 ? 1 : 0;
  for (std::size_t i = 0; i < 2; ++i) race.wins.at(i) += race.has_port.at(i) ? 1 : 0;
}

void run(Race& race, std::size_t number, const Racer& racer, std::uint16_t port) {
  ports::SearchOptions options;
  options.host = racer.host;
  options.udp = racer.udp;
  options.preferred = {{port, port}};
  options.only_preferred = true;
  for (int round = 0; round < rounds; ++round) {
    pthread_barrier_wait(&race.barrier);
    const auto reservations = try_to_reserve(options);
    race.has_port.at(number) = !reservations.empty();
    pthread_barrier_wait(&race.barrier);
    if (number == 0) count_round(race);
  }
}

void race_for(std::uint16_t port, const Racer& first, const Racer& second) {
  SharedRace race;
  std::fflush(nullptr);
  const pid_t child = fork();
  expect(child >= 0);
  if (child == 0) {
    run(*race, 1, second, port);
    _exit(0);
  }
  run(*race, 0, first, port);
  int status = -1;
  waitpid(child, &status, 0);
  expect_equal(status, 0);
  std::printf("%d and %d wins\n", race->wins[0], race->wins[1]);
  expect_equal(race->ties, 0);
  expect_equal(race->losses, 0);
}

std::uint16_t free_port() { return ports::find({}, 1).front(); }

std::uint16_t parked_port() {
  auto reservation = std::move(ports::Reservation::create({}, 1).front());
  expect(reservation.park().has_value());
  return reservation.port();
}

void one_of_two_reserves_a_port() {
  race_for(free_port(), {}, {});
  race_for(free_port(), {.host = "127.0.0.1", .udp = false}, {.host = "::1", .udp = false});
}

void one_of_two_reserves_a_port_that_is_in_time_wait() {
  if (is_portable()) throw test::Skipped{"this build has no guard, and so binds strictly"};
  race_for(parked_port(), {}, {});
  race_for(parked_port(), {}, {.host = "127.0.0.1", .udp = false});
  race_for(parked_port(), {.host = "::1", .udp = false}, {.host = "127.0.0.9", .udp = false});
}

void one_of_two_reserves_a_port_for_udp_too() {
  if (is_portable()) throw test::Skipped{"this build has no guard, and so binds strictly"};
  race_for(parked_port(), {.host = "", .udp = true}, {.host = "localhost", .udp = true});
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(one_of_two_reserves_a_port),
      unit(one_of_two_reserves_a_port_that_is_in_time_wait),
      unit(one_of_two_reserves_a_port_for_udp_too),
  };
  return cmocka_run_group_tests_name("races", tests, nullptr, nullptr);
}
