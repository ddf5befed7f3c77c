// SPDX-License-Identifier: MIT
#include "os/thread.hpp"

#include <pthread.h>
#include <sys/resource.h>

#include <csignal>
#include <cstddef>
#include <memory>
#include <new>

#include "os/posix/system_error.hpp"

namespace portend::os {

namespace {

/// Enough for a resolver with its plug-ins; musl's own choice is half of it.
constexpr std::size_t stack_size = std::size_t{256} * 1024;

/// A new thread inherits the mask of its maker: so it never sees a signal at all.
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
    pthread_attr_setstacksize(&value, stack_size);
  }
  ~DetachedAttributes() { pthread_attr_destroy(&value); }
  DetachedAttributes(const DetachedAttributes&) = delete;
  DetachedAttributes& operator=(const DetachedAttributes&) = delete;

  pthread_attr_t value{};
};

pthread_key_t key;
pthread_once_t key_made = PTHREAD_ONCE_INIT;
bool has_key = false;

// In C a namespace hides no name from the linker: static does.
extern "C" {

static void* run_work(void* argument) {
  const std::unique_ptr<std::function<void()>> work(static_cast<std::function<void()>*>(argument));
  (*work)();
  return nullptr;
}

static void end_kept(void* kept) { delete static_cast<ThreadLocalState*>(kept); }
static void make_key() { has_key = pthread_key_create(&key, end_kept) == 0; }

}  // extern "C"

}  // namespace

ThreadLocalState* thread_local_state() noexcept {
  pthread_once(&key_made, make_key);
  return has_key ? static_cast<ThreadLocalState*>(pthread_getspecific(key)) : nullptr;
}

void set_thread_local_state(std::unique_ptr<ThreadLocalState> what) {
  if (!has_key || pthread_setspecific(key, what.get()) != 0) throw std::bad_alloc();
  static_cast<void>(what.release());
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
  if (error != 0) throw_system_error(error, "no thread to look up a name");
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
