/* SPDX-License-Identifier: MIT */
/* portend/find.h. */

%{
typedef struct {
  int asked;
  int *numbers; /* NULL if the count is out of range */
} portend_ports;
%}

portend_status portend_return_port(int port);

/* Memory for ports, filled by Finder.find; unused entries are 0. */
%rename(Ports) portend_ports;
typedef struct {} portend_ports;
%constructor_of(portend_ports)
%extend portend_ports {
  portend_ports(int count) {
    portend_ports *ports = (portend_ports *)calloc(1, sizeof(portend_ports));
    if (!ports) return NULL;
    ports->asked = count;
    if (count < 1 || count > 65535) return ports;
    ports->numbers = (int *)calloc((size_t)count, sizeof(int));
    if (ports->numbers) return ports;
    free(ports);
    return NULL;
  }
  ~portend_ports() {
    free($self->numbers);
    free($self);
  }

  int at(int index) {
    return $self->numbers && index >= 0 && index < $self->asked ? $self->numbers[index] : 0;
  }
}

%blocking(portend_finder::find_ports)
%blocking(portend_finder::message)

%rename(Finder) portend_finder;
typedef struct {} portend_finder;
%constructor_of(portend_finder)
%extend portend_finder {
  portend_finder() {
    portend_finder *finder = NULL;
    portend_finder_create(&finder);
    return finder;
  }
  ~portend_finder() { portend_finder_destroy($self); }

  portend_status set_host(const char *host_or_null);
  portend_status set_family(portend_family family);
  portend_status set_range(int first, int last);
  portend_status set_from(int first);
  portend_status set_name(const char *name_or_null);
  portend_status set_consecutive(int enabled);
  portend_status set_browser_safe(int enabled);
  portend_status set_avoid_ephemeral(int enabled);
  portend_status set_only_preferred(int enabled);
  portend_status set_udp(int enabled);
  portend_status set_port_server(int enabled);
  portend_status add_preferred(int first, int last);
  portend_status add_excluded(int first, int last);

  /* Finds as many ports as there is room for. */
  %rename(find) find_ports;
  portend_status find_ports(portend_ports *room) {
    int none;
    if (!room) return portend_finder_find($self, NULL, 1);
    return portend_finder_find($self, room->numbers ? room->numbers : &none,
                               room->asked > 0 ? (size_t)room->asked : 0);
  }
  const char *message(void);
  int errno(void);
}
