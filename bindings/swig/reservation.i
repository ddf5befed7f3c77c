/* SPDX-License-Identifier: MIT */
/* portend/reservation.h. */

%{
typedef struct {
  portend_reservation *handle;
} portend_held_port;
%}

%blocking(portend_held_port::create)
%blocking(portend_held_port::park)

/* Empty until create() says 0. */
%rename(Reservation) portend_held_port;
typedef struct {} portend_held_port;
%constructor_of(portend_held_port)
%extend portend_held_port {
  portend_held_port() { return (portend_held_port *)calloc(1, sizeof(portend_held_port)); }
  ~portend_held_port() {
    portend_reservation_destroy($self->handle);
    free($self);
  }

  /* Lets go of the port it had. The sentence is the finder's, or last_error() without one. */
  portend_status create(portend_finder *finder) {
    portend_reservation_destroy($self->handle);
    $self->handle = NULL;
    return portend_reservation_create(finder, &$self->handle);
  }
  /* portend_reservation_destroy, before the object itself ends. */
  void release(void) {
    portend_reservation_destroy($self->handle);
    $self->handle = NULL;
  }

  int port(void) { return portend_reservation_port($self->handle); }
  int fd_count(void) { return portend_reservation_fd_count($self->handle); }
  int fd(int index) { return portend_reservation_fd($self->handle, index); }
  portend_status listen(int backlog) { return portend_reservation_listen($self->handle, backlog); }

  /* portend_reservation_park: the seconds it lasts, or a status, which is negative. */
  int park(void) {
    int seconds = 0;
    const portend_status status = portend_reservation_park($self->handle, &seconds);
    return status == PORTEND_OK ? seconds : status;
  }
  const char *explain(void) { return portend_reservation_explain($self->handle); }
}
