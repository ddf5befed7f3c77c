/* SPDX-License-Identifier: MIT */
/* portend/reservation.h. */

%{
typedef struct {
  portend_reservation *handle;
} portend_held_port;
%}

%{
typedef struct {
  int asked;
  portend_reservation **handles; /* NULL if the count is out of range */
} portend_held_ports;
%}

%blocking(portend_held_ports::create)
%blocking(portend_held_port::create)
%blocking(portend_held_port::park)

/* Room for several reservations: create() fills it, and Reservation.take() empties it. */
%rename(Reservations) portend_held_ports;
typedef struct {} portend_held_ports;
%constructor_of(portend_held_ports)
%extend portend_held_ports {
  portend_held_ports(int count) {
    portend_held_ports *several = (portend_held_ports *)calloc(1, sizeof(portend_held_ports));
    if (!several) return NULL;
    several->asked = count;
    if (count < 1 || count > 65535) return several;
    several->handles = (portend_reservation **)calloc((size_t)count, sizeof(portend_reservation *));
    if (several->handles) return several;
    free(several);
    return NULL;
  }
  ~portend_held_ports() {
    int index;
    for (index = 0; $self->handles && index < $self->asked; ++index) {
      portend_reservation_destroy($self->handles[index]);
    }
    free($self->handles);
    free($self);
  }

  portend_status create(portend_finder *finder_or_null) {
    portend_reservation *none;
    if (!$self->handles) return portend_reservation_create_many(finder_or_null, &none, 0);
    return portend_reservation_create_many(finder_or_null, $self->handles, (size_t)$self->asked);
  }
}

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

  /* Releases the port of the object first. The message is the finder's, or last_error() without one. */
  portend_status create(portend_finder *finder_or_null) {
    portend_reservation_destroy($self->handle);
    $self->handle = NULL;
    return portend_reservation_create(finder_or_null, &$self->handle);
  }
  /* Calls portend_reservation_destroy, before the destruction of the object. */
  void release(void) {
    portend_reservation_destroy($self->handle);
    $self->handle = NULL;
  }

  /* Takes one of several reservations that were created together. */
  void take(portend_held_ports *several, int index) {
    portend_reservation_destroy($self->handle);
    $self->handle = NULL;
    if (!several || !several->handles || index < 0 || index >= several->asked) return;
    $self->handle = several->handles[index];
    several->handles[index] = NULL;
  }

  int port(void) { return portend_reservation_port($self->handle); }
  int fd_count(void) { return portend_reservation_fd_count($self->handle); }
  int fd(int index) { return portend_reservation_fd($self->handle, index); }
  portend_status listen(int backlog) { return portend_reservation_listen($self->handle, backlog); }
  portend_status inherit(void) { return portend_reservation_inherit($self->handle); }

  /* Calls portend_reservation_park. Returns the duration in seconds, or a negative status. */
  int park(void) {
    int seconds = 0;
    const portend_status status = portend_reservation_park($self->handle, &seconds);
    return status == PORTEND_OK ? seconds : status;
  }
  const char *explain(void) { return portend_reservation_explain($self->handle); }
}
