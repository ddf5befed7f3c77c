// SPDX-License-Identifier: MIT
#include "os/thread.hpp"

#include <pthread.h>
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>

#include "os/posix/system_error.hpp"

namespace portend::os {

namespace {

/// Enough for a resolver with plug-ins. The default of musl is half of it.
constexpr std::size_t least_stack_size = std::size_t{256} * 1024;

/// A new thread inherits the signal mask, so a thread started meanwhile never receives a signal.
class AllSignalsBlocked {
 public:
  AllSignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~AllSignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  AllSignalsBlocked(const AllSignalsBlocked&) = delete;
  AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

class DetachedAttributes {
 public:
  DetachedAttributes() {
    pthread_attr_init(&value);
    pthread_attr_setdetachstate(&value, PTHREAD_CREATE_DETACHED);
    // In glibc the stack also holds the static thread-local variables of the program, whose size cannot be
    // queried. So the default size, which the program's own threads get, is never reduced.
    std::size_t size = 0;
    if (pthread_attr_getstacksize(&value, &size) != 0 || size < least_stack_size) {
      pthread_attr_setstacksize(&value, least_stack_size);
    }
  }
  ~DetachedAttributes() { pthread_attr_destroy(&value); }
  DetachedAttributes(const DetachedAttributes&) = delete;
  DetachedAttributes& operator=(const DetachedAttributes&) = delete;

  pthread_attr_t value{};
};

/// The key of thread_local_state() after it was created. If the process has no key left, creating one is
/// tried again later.
constexpr std::int64_t no_key = -1;
std::atomic<std::int64_t> shared_key = no_key;

// extern "C" functions in a namespace are visible to the linker unless they are static.
extern "C" {

static void* run_work(void* argument) {
  const std::unique_ptr<std::function<void()>> work(static_cast<std::function<void()>*>(argument));
  (*work)();
  return nullptr;
}

}  // extern "C"

/// Threads may run this concurrently; only one key is kept. No lock is used, since a child of fork(2) could
/// inherit it locked.
std::optional<pthread_key_t> make_key(void (*destroy)(void*)) noexcept {
  pthread_key_t made{};
  if (pthread_key_create(&made, destroy) != 0) return {};
  std::int64_t known = no_key;
  if (shared_key.compare_exchange_strong(known, static_cast<std::int64_t>(made))) return made;
  pthread_key_delete(made);
  return static_cast<pthread_key_t>(known);
}

std::optional<pthread_key_t> known_key() noexcept {
  const auto known = shared_key.load();
  return known == no_key ? std::nullopt : std::optional(static_cast<pthread_key_t>(known));
}

}  // namespace

void* thread_local_state() noexcept {
  const auto key = known_key();
  return key ? pthread_getspecific(*key) : nullptr;
}

void set_thread_local_state(void* state, void (*destroy)(void*)) {
  auto key = known_key();
  if (!key) key = make_key(destroy);
  if (!key || pthread_setspecific(*key, state) != 0) throw std::bad_alloc();
}

void run_detached(std::function<void()> work) {
  auto owned = std::make_unique<std::function<void()>>(std::move(work));
  const DetachedAttributes attributes;
  int error = 0;
  {
    const AllSignalsBlocked blocked;
    pthread_t thread{};
    error = pthread_create(&thread, &attributes.value, run_work, owned.get());
  }
  if (error != 0) throw_system_error(error, "cannot start a thread to look up a name");
  static_cast<void>(owned.release());
}

CancelShield::CancelShield() noexcept { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_); }

CancelShield::~CancelShield() { pthread_setcancelstate(before_, nullptr); }

std::size_t descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 256;
  return static_cast<std::size_t>(limit.rlim_cur);
}

}  // namespace portend::os
