/* SPDX-License-Identifier: MIT */
/* portend/group.h. */

%{
typedef struct {
  portend_group *handle;
  int64_t id;
} portend_wait_group;
%}

%blocking(portend_wait_group::next)

/* Many waits in one event loop. A waiter must stay alive until its wait has ended. */
%rename(Group) portend_wait_group;
typedef struct {} portend_wait_group;
%constructor_of(portend_wait_group)
%extend portend_wait_group {
  portend_wait_group() {
    portend_wait_group *group = (portend_wait_group *)calloc(1, sizeof(portend_wait_group));
    if (!group) return NULL;
    if (portend_group_create(&group->handle) == PORTEND_OK) {
      portend_group_set_interrupt(group->handle, PORTEND_INTERRUPT_HOOK, NULL);
      return group;
    }
    free(group);
    return NULL;
  }
  ~portend_wait_group() {
    portend_group_destroy($self->handle);
    free($self);
  }

  portend_status start(portend_waiter *waiter, portend_mode mode, int64_t timeout_ms, int64_t id) {
    return portend_group_start($self->handle, waiter, mode, timeout_ms, id);
  }
  /* After OK, ready() is the number of the wait that has ended or has an event. */
  portend_status next(int64_t timeout_ms) {
    return portend_group_next($self->handle, timeout_ms, &$self->id);
  }
  int64_t ready(void) { return $self->id; }

  /* -1 if there is none; then message() says why. */
  %rename(fd) descriptor;
  int descriptor(void) {
    int fd = -1;
    portend_group_fd($self->handle, &fd);
    return fd;
  }
  void cancel(void) { portend_group_cancel($self->handle); }
  const char *message(void) { return portend_group_message($self->handle); }
}
