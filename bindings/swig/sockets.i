/* SPDX-License-Identifier: MIT */
/* portend/sockets.h. */

%{
typedef struct {
  portend_sockets *handle;
} portend_socket_list;
%}

%blocking(portend_socket_list::create)

/* Empty until create() says 0. */
%rename(Sockets) portend_socket_list;
typedef struct {} portend_socket_list;
%constructor_of(portend_socket_list)
%extend portend_socket_list {
  portend_socket_list() { return (portend_socket_list *)calloc(1, sizeof(portend_socket_list)); }
  ~portend_socket_list() {
    portend_sockets_destroy($self->handle);
    free($self);
  }

  /* The message is last_error(). */
  portend_status create(int first_port, int last_port, int kinds) {
    portend_sockets_destroy($self->handle);
    $self->handle = NULL;
    return portend_sockets_create(first_port, last_port, (unsigned)kinds, &$self->handle);
  }

  int count(void) { return portend_sockets_count($self->handle); }
  int kind(int index) { return (int)portend_sockets_kind($self->handle, index); }
  const char *address(int index) { return portend_sockets_address($self->handle, index); }
  int port(int index) { return portend_sockets_port($self->handle, index); }
  int dual_stack(int index) { return portend_sockets_dual_stack($self->handle, index); }
  const char *peer_address(int index) { return portend_sockets_peer_address($self->handle, index); }
  int peer_port(int index) { return portend_sockets_peer_port($self->handle, index); }
  int64_t pid(int index) { return portend_sockets_pid($self->handle, index); }
  int64_t parent_pid(int index) { return portend_sockets_parent_pid($self->handle, index); }
  const char *process(int index) { return portend_sockets_process($self->handle, index); }
  const char *command_line(int index) { return portend_sockets_command_line($self->handle, index); }
  const char *user(int index) { return portend_sockets_user($self->handle, index); }
  int64_t remaining_ms(int index) { return portend_sockets_remaining_ms($self->handle, index); }
  const char *explain(int port) { return portend_sockets_explain($self->handle, port); }
}
