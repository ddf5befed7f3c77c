// SPDX-License-Identifier: MIT
#include "wait/board.hpp"

#include <array>
#include <optional>
#include <vector>

#include "support/unit.hpp"

using namespace portend;
using namespace std::chrono_literals;
using wait::Board;
using wait::Goal;
using wait::Location;
using wait::Mode;
using wait::PlaceId;
using wait::Reason;
using wait::State;
using wait::TargetId;

namespace {

constexpr std::array all_seen{Reason::none,        Reason::accepted,     Reason::refused,  Reason::silent,
                              Reason::unreachable, Reason::backlog_full, Reason::listening};

const os::Ip first_ip{os::Family::ipv4, 0, {127, 0, 0, 1}};
const os::Ip second_ip{os::Family::ipv4, 0, {127, 0, 0, 2}};
const os::Ip third_ip{os::Family::ipv4, 0, {127, 0, 0, 3}};
const os::Instant start{1h};

/// One target, and what it takes to say where it may be.
struct Bench {
  explicit Bench(Goal goal) : target(board.add(0, 80, goal)) { board.begin(start); }

  void locate(const std::vector<os::Ip>& ips) {
    std::vector<Location> locations;
    for (const auto& ip : ips) locations.push_back({ip, probe::Distance::near});
    gone.clear();
    come.clear();
    board.locate(target, locations, now, gone, come);
  }
  [[nodiscard]] PlaceId place(std::size_t i) const { return known().places.at(i); }
  void saw(std::size_t i, Reason what) { board.saw(place(i), what, now += 1ms); }
  [[nodiscard]] const wait::Target& known() const { return board.targets()[target]; }
  std::optional<wait::Event> event() {
    if (board.events().empty()) return {};
    auto event = board.events().front();
    board.events().pop();
    return event;
  }

  Board board;
  TargetId target;
  os::Instant now = start;
  std::vector<PlaceId> gone;
  std::vector<PlaceId> come;
};

bool is_somebody(Reason seen) {
  return seen == Reason::accepted || seen == Reason::backlog_full || seen == Reason::listening;
}

/// The words of the manual: occupied if one accepts, free if each is known not to.
State state_of(Reason first, Reason second) {
  if (is_somebody(first) || is_somebody(second)) return State::occupied;
  return first == Reason::none || second == Reason::none ? State::unknown : State::free;
}

/// Who listens says most, then who refuses, who is silent, and who cannot be reached.
Reason reason_of(Reason first, Reason second) {
  if (is_somebody(first)) return first;
  if (is_somebody(second)) return second;
  for (const auto reason : {Reason::refused, Reason::silent, Reason::unreachable}) {
    if (first == reason || second == reason) return reason;
  }
  return Reason::none;
}

void two_places_and_what_was_seen_there_make_a_state() {
  for (const auto goal : {Goal::occupied, Goal::free, Goal::watch}) {
    for (const auto first : all_seen) {
      for (const auto second : all_seen) {
        Bench bench(goal);
        bench.locate({first_ip, second_ip});
        if (first != Reason::none) bench.saw(0, first);
        const bool decided = bench.known().reached;
        if (second != Reason::none && !decided) bench.saw(1, second);
        const auto counted = decided ? Reason::none : second;
        expect_equal(bench.known().state, state_of(first, counted));
        expect_equal(bench.known().reason, reason_of(first, counted));
        const bool wanted = (goal == Goal::occupied && bench.known().state == State::occupied) ||
                            (goal == Goal::free && bench.known().state == State::free);
        expect_equal(bench.known().reached, wanted);
        expect_equal(bench.board.reached(Mode::all), wanted);
        expect_equal(bench.board.reached(Mode::any), wanted);
      }
    }
  }
}

void the_address_that_decides_is_told() {
  Bench bench(Goal::watch);
  bench.locate({first_ip, second_ip});
  expect(!bench.known().decided_by);
  bench.saw(0, Reason::silent);
  expect(bench.known().decided_by == first_ip);
  bench.saw(1, Reason::refused);
  expect(bench.known().decided_by == second_ip);
  bench.saw(0, Reason::accepted);
  expect(bench.known().decided_by == first_ip);
}

void each_change_is_an_event_and_nothing_else_is() {
  Bench bench(Goal::watch);
  bench.locate({first_ip, second_ip});
  expect(!bench.event());
  bench.saw(0, Reason::refused);
  expect(!bench.event());
  bench.saw(1, Reason::unreachable);
  const auto free = bench.event();
  expect(free && free->state == State::free && free->reason == Reason::refused && free->at == bench.now);
  bench.saw(1, Reason::silent);
  bench.saw(1, Reason::refused);
  expect(!bench.event());
  bench.saw(1, Reason::listening);
  const auto occupied = bench.event();
  expect(occupied && occupied->state == State::occupied && occupied->decided_by == second_ip);
  bench.saw(1, Reason::accepted);
  bench.saw(0, Reason::backlog_full);
  bench.saw(1, Reason::refused);
  expect(!bench.event());
  bench.saw(0, Reason::refused);
  expect(bench.event()->state == State::free);
  expect(!bench.event());
}

void what_is_reached_stays_reached() {
  Bench bench(Goal::occupied);
  bench.locate({first_ip});
  bench.saw(0, Reason::accepted);
  const auto reached_at = bench.now;
  expect(bench.event()->state == State::occupied);
  expect(!bench.board.is_open(bench.place(0)));
  bench.saw(0, Reason::refused);
  expect_equal(bench.known().state, State::occupied);
  expect(bench.known().reached_at == reached_at);
  expect(!bench.event());
  expect(bench.board.reached(Mode::all));
  expect(!bench.board.has_open_targets());
  expect(bench.board.take_reached() == std::vector<TargetId>{bench.target});
  expect(bench.board.take_reached().empty());
}

void a_name_that_moves_takes_what_was_seen_with_it() {
  Bench bench(Goal::watch);
  bench.locate({first_ip, second_ip});
  expect(bench.gone.empty() && bench.come.size() == 2);
  bench.saw(0, Reason::refused);
  const auto kept = bench.place(1);
  const auto given_up = bench.place(0);

  bench.locate({second_ip, third_ip});
  expect(bench.gone == std::vector{given_up});
  expect(bench.come.size() == 1 && bench.come[0] != given_up && bench.come[0] != kept);
  expect(!bench.board.is_open(given_up));
  expect_equal(bench.known().state, State::unknown);
  bench.saw(0, Reason::refused);
  expect_equal(bench.known().state, State::unknown);
  bench.saw(1, Reason::refused);
  expect_equal(bench.known().state, State::free);

  bench.locate({first_ip, second_ip, third_ip});
  expect(bench.gone.empty() && bench.come == std::vector{given_up});  // its slot is used again
  expect_equal(bench.board.place(given_up).seen, Reason::none);
  expect_equal(bench.known().state, State::free);  // until more is known
}

void giving_the_last_unknown_place_up_decides() {
  Bench bench(Goal::free);
  bench.locate({first_ip, second_ip});
  bench.saw(0, Reason::refused);
  expect(!bench.known().reached);
  bench.locate({first_ip});
  expect(bench.known().reached);
}

void the_same_places_again_change_nothing() {
  Bench bench(Goal::watch);
  bench.locate({first_ip, second_ip});
  bench.saw(0, Reason::accepted);
  bench.event();
  bench.locate({second_ip, first_ip});
  expect(bench.gone.empty() && bench.come.empty());
  expect_equal(bench.known().state, State::occupied);
  expect(!bench.event());
}

void a_name_without_an_address_is_lost_or_awaited() {
  Bench bench(Goal::occupied);
  bench.board.unresolved(bench.target, false);
  expect_equal(bench.known().reason, Reason::unresolved);
  expect(!bench.board.hopeless(Mode::all) && !bench.board.hopeless(Mode::any));
  bench.locate({first_ip});
  expect_equal(bench.known().reason, Reason::none);
  bench.board.unresolved(bench.target, false);
  expect_equal(bench.known().reason, Reason::none);  // it keeps the addresses that it had
  bench.board.unresolved(bench.target, true);
  bench.board.unresolved(bench.target, true);
  expect(bench.board.hopeless(Mode::all) && bench.board.hopeless(Mode::any));
}

void all_need_each_and_any_needs_one() {
  Board board;
  const std::array targets{board.add(0, 80, Goal::occupied), board.add(1, 81, Goal::free),
                           board.add(2, 82, Goal::watch)};
  board.begin(start);
  std::vector<PlaceId> gone;
  std::vector<PlaceId> come;
  const std::array<Location, 1> locations{{{first_ip, probe::Distance::near}}};
  for (const auto target : targets) board.locate(target, locations, start, gone, come);
  expect(!board.reached(Mode::any));
  board.saw(board.targets()[targets[2]].places[0], Reason::accepted, start);
  expect(!board.reached(Mode::any));
  board.saw(board.targets()[targets[1]].places[0], Reason::refused, start);
  expect(board.reached(Mode::any) && !board.reached(Mode::all));
  board.unresolved(targets[0], true);
  expect(board.hopeless(Mode::all) && !board.hopeless(Mode::any));
  board.unresolved(targets[2], true);  // nobody waits for it
  expect(!board.hopeless(Mode::any));
  board.saw(board.targets()[targets[0]].places[0], Reason::backlog_full, start);
  expect(board.reached(Mode::all));
  expect(board.has_open_targets());
}

void a_new_begin_forgets_everything_but_the_targets() {
  Bench bench(Goal::occupied);
  bench.locate({first_ip, second_ip});
  bench.saw(0, Reason::accepted);
  bench.board.count_probe(bench.place(0));
  bench.board.unresolved(bench.target, true);
  bench.board.begin(start + 1h);
  const auto& target = bench.known();
  expect(target.port == 80 && target.goal == Goal::occupied && target.state == State::unknown);
  expect(!target.reached && !target.lost && target.places.empty() && !target.decided_by);
  expect(target.probes == 0 && target.since == start + 1h);
  expect(!bench.event() && bench.board.take_reached().empty());
  expect(!bench.board.reached(Mode::any) && !bench.board.hopeless(Mode::any));
  expect_equal(bench.board.place_slots(), std::size_t{0});
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      unit(two_places_and_what_was_seen_there_make_a_state),
      unit(the_address_that_decides_is_told),
      unit(each_change_is_an_event_and_nothing_else_is),
      unit(what_is_reached_stays_reached),
      unit(a_name_that_moves_takes_what_was_seen_with_it),
      unit(giving_the_last_unknown_place_up_decides),
      unit(the_same_places_again_change_nothing),
      unit(a_name_without_an_address_is_lost_or_awaited),
      unit(all_need_each_and_any_needs_one),
      unit(a_new_begin_forgets_everything_but_the_targets),
  };
  return cmocka_run_group_tests_name("wait/board", tests, nullptr, nullptr);
}
