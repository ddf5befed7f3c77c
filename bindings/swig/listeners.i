/* SPDX-License-Identifier: MIT */
/* portend/listeners.h. */

%{
typedef struct {
  portend_listeners *handle;
} portend_snapshot;
%}

%blocking(portend_snapshot::create)

/* Empty until create() says 0. */
%rename(Listeners) portend_snapshot;
typedef struct {} portend_snapshot;
%constructor_of(portend_snapshot)
%extend portend_snapshot {
  portend_snapshot() { return (portend_snapshot *)calloc(1, sizeof(portend_snapshot)); }
  ~portend_snapshot() {
    portend_listeners_destroy($self->handle);
    free($self);
  }

  /* port 0: all ports. The sentence is last_error(). */
  portend_status create(int port) {
    portend_listeners_destroy($self->handle);
    $self->handle = NULL;
    return portend_listeners_create(port, &$self->handle);
  }

  int count(void) { return portend_listeners_count($self->handle); }
  const char *address(int index) { return portend_listeners_address($self->handle, index); }
  int dual_stack(int index) { return portend_listeners_dual_stack($self->handle, index); }
  int port(int index) { return portend_listeners_port($self->handle, index); }
  int64_t pid(int index) { return portend_listeners_pid($self->handle, index); }
  const char *process(int index) { return portend_listeners_process($self->handle, index); }
  const char *user(int index) { return portend_listeners_user($self->handle, index); }
}
