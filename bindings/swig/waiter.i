/* SPDX-License-Identifier: MIT */
/* portend/waiter.h, portend/waiter_options.h and portend/watch.h. Targets are numbered from 0 in the order of adding. */

%rename(Event) portend_event;
%constructor_of(portend_event)
%immutable;
typedef struct portend_event {
  int target;
  portend_state state;
  portend_reason reason;
  int error;
  int64_t monotonic_ns;
  int64_t realtime_ns;
  char address[PORTEND_ADDRESS_SIZE];
} portend_event;
%mutable;
%extend portend_event {
  portend_event() { return (portend_event *)calloc(1, sizeof(portend_event)); }
  ~portend_event() { free($self); }
}

%blocking(portend_waiter::run)
%blocking(portend_waiter::resume)
%blocking(portend_waiter::probe)
%blocking(portend_waiter::assert_free)
%blocking(portend_waiter::next)
%blocking(portend_waiter::explain)
%blocking(portend_waiter::message)

%rename(Waiter) portend_waiter;
typedef struct {} portend_waiter;
%constructor_of(portend_waiter)
/* Functions with a body here have another name in C, because SWIG would define them as portend_waiter_add. */
%extend portend_waiter {
  portend_waiter() {
    portend_waiter *waiter = NULL;
    portend_waiter_create(&waiter);
    portend_waiter_set_interrupt(waiter, PORTEND_INTERRUPT_HOOK, NULL);
    return waiter;
  }
  ~portend_waiter() { portend_waiter_destroy($self); }

  %rename(add) add_target;
  portend_status add_target(const char *host, int port, portend_state wanted) {
    return portend_waiter_add($self, host, port, wanted, NULL);
  }
  %rename(watch) watch_target;
  portend_status watch_target(const char *host, int port) {
    return portend_waiter_watch($self, host, port, NULL);
  }

  portend_status set_interval(int64_t shortest_us, int64_t longest_us);
  portend_status set_attempt_limit(int64_t limit_ms);
  portend_status set_family(portend_family family);
  portend_status set_name_retry(int enabled);
  portend_status set_pid(int64_t pid);
  portend_status set_owner(int64_t pid);
  portend_status set_evidence(portend_evidence evidence);
  portend_status set_stable(int64_t duration_ms);

  portend_status run(portend_mode mode, int64_t timeout_ms);
  portend_status resume(void);
  portend_status probe(int64_t attempt_limit_ms);
  portend_status assert_free(int64_t attempt_limit_ms);
  portend_status next(int64_t timeout_ms, portend_event *event_out);

  /* For a foreign event loop: see portend/watch.h. fd() also arms the descriptor again
     after next() has run. It is -1 if there is none. */
  portend_status start(portend_mode mode, int64_t timeout_ms);
  %rename(fd) descriptor;
  int descriptor(void) {
    int fd = -1;
    portend_waiter_fd($self, &fd);
    return fd;
  }
  portend_status process(void);

  void cancel(void);
  portend_status reset(void);

  int count(void);
  portend_state state(int index);
  int reached(int index);
  portend_reason reason(int index);
  const char *address(int index);
  int64_t elapsed_us(int index);
  int64_t probes(int index);
  const char *explain(int index);
  const char *message(void);
  int errno(void);
}
