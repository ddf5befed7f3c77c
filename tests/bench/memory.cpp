// SPDX-License-Identifier: MIT
// memory COUNT one-host|many-hosts
//
// The heap that a wait for COUNT targets of this machine without listeners takes, per target: the maximum
// during the wait, after its end, and with the message of a timeout.
#include <malloc.h>
#include <portend/waiter_options.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>

namespace {

std::size_t in_use = 0;
std::size_t most_in_use = 0;

/// What the allocator uses for each block.
constexpr std::size_t overhead = sizeof(std::size_t);

void* take(std::size_t size) {
  void* block = std::malloc(size);
  if (block == nullptr) throw std::bad_alloc();
  in_use += malloc_usable_size(block) + overhead;
  most_in_use = std::max(most_in_use, in_use);
  return block;
}

void give_back(void* block) noexcept {
  if (block != nullptr) in_use -= malloc_usable_size(block) + overhead;
  std::free(block);
}

std::string host(int index, bool many) {
  if (!many) return "127.0.0.1";
  return "127.1." + std::to_string(index / 250) + "." + std::to_string(index % 250 + 1);
}

}  // namespace

// The library allocates by these also, and the wait has no other threads.
void* operator new(std::size_t size) { return take(size); }
void* operator new[](std::size_t size) { return take(size); }
void operator delete(void* block) noexcept { give_back(block); }
void operator delete[](void* block) noexcept { give_back(block); }
void operator delete(void* block, std::size_t) noexcept { give_back(block); }
void operator delete[](void* block, std::size_t) noexcept { give_back(block); }

namespace {

/// Adds the targets, and returns the bytes of their names.
std::size_t add_targets(portend_waiter* waiter, int count, bool many_hosts) {
  std::size_t names = 0;
  for (int i = 0; i < count; ++i) {
    const auto name = host(i, many_hosts);
    const int port = 10001 + (many_hosts ? 0 : i);
    if (portend_waiter_add(waiter, name.c_str(), port, PORTEND_STATE_OCCUPIED, nullptr) != PORTEND_OK)
      return 0;
    if (many_hosts || i == 0) names += name.size() + 1;
  }
  return names;
}

/// Ends the wait after a second, before any message is made.
int stop(void* calls) { return ++*static_cast<int*>(calls) > 20 ? 1 : 0; }

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const int count = std::stoi(argv[1]);
  const auto before = in_use;
  portend_waiter* waiter = nullptr;
  portend_waiter_create(&waiter);
  const auto names = add_targets(waiter, count, std::string(argv[2]) == "many-hosts");
  if (names == 0) return 1;
  const auto a_target = [&](std::size_t bytes) {
    return static_cast<double>(bytes - before - names) / static_cast<double>(count);
  };

  int calls = 0;
  portend_waiter_set_interrupt(waiter, stop, &calls);
  most_in_use = in_use;
  if (portend_waiter_run(waiter, PORTEND_ALL, PORTEND_FOREVER) != PORTEND_ERR_CANCELED) return 1;
  std::printf("during %.0f after %.0f ", a_target(most_in_use), a_target(in_use));

  // The message of a timeout names each target that has not reached its state.
  portend_waiter_set_interrupt(waiter, nullptr, nullptr);
  if (portend_waiter_run(waiter, PORTEND_ALL, 1) != PORTEND_ERR_TIMEOUT) return 1;
  std::printf("sentence %.0f\n", a_target(in_use));
  portend_waiter_destroy(waiter);
}
