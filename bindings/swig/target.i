/* SPDX-License-Identifier: MIT */
/* portend/target.h: parses and formats "host:port", in the memory of a Target. */

%{
typedef struct {
  char host[PORTEND_HOST_SIZE];
  int port;
  char text[PORTEND_HOST_SIZE + 8];
} portend_target;
%}

%rename(Target) portend_target;
typedef struct {} portend_target;
%constructor_of(portend_target)
%extend portend_target {
  portend_target() { return (portend_target *)calloc(1, sizeof(portend_target)); }
  ~portend_target() { free($self); }

  /* "[::1]:80": then host() is "::1", and port() is 80. */
  portend_status parse(const char *text) {
    return portend_parse_target(text, $self->host, sizeof $self->host, &$self->port);
  }
  const char *host(void) { return $self->host; }
  int port(void) { return $self->port; }

  /* The inverse: then text() is "[::1]:80". */
  portend_status format(const char *host, int port) {
    return portend_format_target(host, port, $self->text, sizeof $self->text);
  }
  const char *text(void) { return $self->text; }
}

const char *portend_client_host(const char *server_host);
