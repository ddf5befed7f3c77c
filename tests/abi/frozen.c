/* SPDX-License-Identifier: MIT */
/*
 * The ABI of 1.0, written a second time: what compiled programs rely on never changes. If a header differs,
 * this file does not compile, in C or in C++. Lines may only be added.
 */
#include <portend/portend.h>

#ifdef __cplusplus
#define STAYS(condition) static_assert(condition, #condition)
#define RAW extern "C"
#else
#define STAYS(condition) _Static_assert(condition, #condition)
#define RAW extern
#endif

STAYS(PORTEND_OK == 0);
STAYS(PORTEND_ERR_TIMEOUT == -1);
STAYS(PORTEND_ERR_NOT_FREE == -2);
STAYS(PORTEND_ERR_INVALID == -3);
STAYS(PORTEND_ERR_RESOLVE == -4);
STAYS(PORTEND_ERR_NO_PORT == -5);
STAYS(PORTEND_ERR_CANCELED == -6);
STAYS(PORTEND_ERR_SYSTEM == -7);
STAYS(PORTEND_ERR_NO_MEMORY == -8);
STAYS(PORTEND_ERR_INTERNAL == -9);
STAYS(PORTEND_ERR_GONE == -10);
STAYS(PORTEND_ERR_UNSUPPORTED == -11);
STAYS(PORTEND_STATE_UNKNOWN == 0);
STAYS(PORTEND_STATE_OCCUPIED == 1);
STAYS(PORTEND_STATE_FREE == 2);
STAYS(PORTEND_STATE_BINDABLE == 3);
STAYS(PORTEND_STATE_DRAINED == 4);
STAYS(PORTEND_REASON_NONE == 0);
STAYS(PORTEND_REASON_ACCEPTED == 1);
STAYS(PORTEND_REASON_REFUSED == 2);
STAYS(PORTEND_REASON_SILENT == 3);
STAYS(PORTEND_REASON_UNREACHABLE == 4);
STAYS(PORTEND_REASON_UNRESOLVED == 5);
STAYS(PORTEND_REASON_BACKLOG_FULL == 6);
STAYS(PORTEND_REASON_LISTENING == 7);
STAYS(PORTEND_REASON_FORBIDDEN == 8);
STAYS(PORTEND_REASON_OTHER_OWNER == 9);
STAYS(PORTEND_REASON_CLOSED_EARLY == 10);
STAYS(PORTEND_REASON_IN_USE == 11);
STAYS(PORTEND_REASON_CONNECTED == 12);
STAYS(PORTEND_REASON_BINDABLE == 13);
STAYS(PORTEND_REASON_DRAINED == 14);
STAYS(PORTEND_REASON_NOT_LISTENING == 15);
STAYS(PORTEND_EVIDENCE_AUTO == 0);
STAYS(PORTEND_EVIDENCE_CONNECTION == 1);
STAYS(PORTEND_EVIDENCE_TABLE == 2);
STAYS(PORTEND_FAMILY_ANY == 0);
STAYS(PORTEND_FAMILY_IPV4 == 4);
STAYS(PORTEND_FAMILY_IPV6 == 6);
STAYS(PORTEND_SOCKETS_LISTENING == 1);
STAYS(PORTEND_SOCKETS_BOUND == 2);
STAYS(PORTEND_SOCKETS_CONNECTED == 4);
STAYS(PORTEND_SOCKETS_TIME_WAIT == 8);
STAYS(PORTEND_SOCKETS_UDP == 16);
STAYS(PORTEND_ALL == 0);
STAYS(PORTEND_ANY == 1);
STAYS(PORTEND_PENDING == 1);
STAYS(PORTEND_DONE == 2);
STAYS(PORTEND_FOREVER == -1);
STAYS(PORTEND_HOST_SIZE == 256);
STAYS(PORTEND_ADDRESS_SIZE == 64);
STAYS(PORTEND_VERSION_MAJOR == 1);

/* Every status, state, reason, mode and family is an int for callers. */
STAYS(sizeof(int) == 4);
STAYS(sizeof(portend_event) == 128);
STAYS(offsetof(portend_event, target) == 0);
STAYS(offsetof(portend_event, state) == 4);
STAYS(offsetof(portend_event, reason) == 8);
STAYS(offsetof(portend_event, error) == 12);
STAYS(offsetof(portend_event, monotonic_ns) == 16);
STAYS(offsetof(portend_event, realtime_ns) == 24);
STAYS(offsetof(portend_event, address) == 32);
STAYS(offsetof(portend_event, reserved) == 96);

RAW int portend_assert_free(const char* host, int port, int64_t timeout_ms) PORTEND_NOEXCEPT;
RAW const char* portend_client_host(const char* server_host) PORTEND_NOEXCEPT;
RAW int portend_return_port(int port) PORTEND_NOEXCEPT;
RAW int portend_find_port(const char* host, int* port_out) PORTEND_NOEXCEPT;
RAW int portend_finder_create(portend_finder** finder_out) PORTEND_NOEXCEPT;
RAW void portend_finder_destroy(portend_finder* finder) PORTEND_NOEXCEPT;
RAW int portend_finder_add_excluded(portend_finder* finder, int first, int last) PORTEND_NOEXCEPT;
RAW int portend_finder_add_preferred(portend_finder* finder, int first, int last) PORTEND_NOEXCEPT;
RAW int portend_finder_errno(portend_finder* finder) PORTEND_NOEXCEPT;
RAW int portend_finder_set_avoid_ephemeral(portend_finder* finder, int enabled) PORTEND_NOEXCEPT;
RAW int portend_finder_set_browser_safe(portend_finder* finder, int enabled) PORTEND_NOEXCEPT;
RAW int portend_finder_set_consecutive(portend_finder* finder, int enabled) PORTEND_NOEXCEPT;
RAW int portend_finder_set_from(portend_finder* finder, int first) PORTEND_NOEXCEPT;
RAW int portend_finder_set_name(portend_finder* finder, const char* name) PORTEND_NOEXCEPT;
RAW int portend_finder_set_only_preferred(portend_finder* finder, int enabled) PORTEND_NOEXCEPT;
RAW int portend_finder_set_port_server(portend_finder* finder, int enabled) PORTEND_NOEXCEPT;
RAW int portend_finder_find(portend_finder* finder, int* ports_out, size_t count) PORTEND_NOEXCEPT;
RAW const char* portend_finder_message(portend_finder* finder) PORTEND_NOEXCEPT;
RAW int portend_finder_set_family(portend_finder* finder, int family) PORTEND_NOEXCEPT;
RAW int portend_finder_set_host(portend_finder* finder, const char* host) PORTEND_NOEXCEPT;
RAW int portend_finder_set_range(portend_finder* finder, int first, int last) PORTEND_NOEXCEPT;
RAW int portend_finder_set_udp(portend_finder* finder, int enabled) PORTEND_NOEXCEPT;
RAW int portend_format_target(const char* host, int port, char* text_out, size_t text_size) PORTEND_NOEXCEPT;
RAW int portend_free(const char* host, int port, int64_t timeout_ms) PORTEND_NOEXCEPT;
RAW void portend_group_cancel(portend_group* group) PORTEND_NOEXCEPT;
RAW int portend_group_create(portend_group** group_out) PORTEND_NOEXCEPT;
RAW void portend_group_destroy(portend_group* group) PORTEND_NOEXCEPT;
RAW int portend_group_fd(portend_group* group, int* fd_out) PORTEND_NOEXCEPT;
RAW const char* portend_group_message(portend_group* group) PORTEND_NOEXCEPT;
RAW int portend_group_next(portend_group* group, int64_t timeout_ms, int64_t* id_out) PORTEND_NOEXCEPT;
RAW int portend_group_set_interrupt(portend_group* group, int (*hook)(void* context),
                                    void* context) PORTEND_NOEXCEPT;
RAW int portend_group_start(portend_group* group, portend_waiter* waiter, int mode, int64_t timeout_ms,
                            int64_t id) PORTEND_NOEXCEPT;
RAW int portend_last_errno(void) PORTEND_NOEXCEPT;
RAW const char* portend_last_error(void) PORTEND_NOEXCEPT;
RAW int portend_occupied(const char* host, int port, int64_t timeout_ms) PORTEND_NOEXCEPT;
RAW int portend_parse_target(const char* text, char* host_out, size_t host_size,
                             int* port_out) PORTEND_NOEXCEPT;
RAW int portend_probe(const char* host, int port, int64_t attempt_limit_ms, int* state_out) PORTEND_NOEXCEPT;
RAW const char* portend_reason_text(int reason) PORTEND_NOEXCEPT;
RAW int portend_reservation_create(portend_finder* finder,
                                   portend_reservation** reservation_out) PORTEND_NOEXCEPT;
RAW int portend_reservation_create_many(portend_finder* finder, portend_reservation** reservations_out,
                                        size_t count) PORTEND_NOEXCEPT;
RAW int portend_reservation_inherit(portend_reservation* reservation) PORTEND_NOEXCEPT;
RAW void portend_reservation_destroy(portend_reservation* reservation) PORTEND_NOEXCEPT;
RAW const char* portend_reservation_explain(portend_reservation* reservation) PORTEND_NOEXCEPT;
RAW int portend_reservation_fd(portend_reservation* reservation, int index) PORTEND_NOEXCEPT;
RAW int portend_reservation_fd_count(portend_reservation* reservation) PORTEND_NOEXCEPT;
RAW int portend_reservation_listen(portend_reservation* reservation, int backlog) PORTEND_NOEXCEPT;
RAW int portend_reservation_park(portend_reservation* reservation, int* seconds_out) PORTEND_NOEXCEPT;
RAW int portend_reservation_port(portend_reservation* reservation) PORTEND_NOEXCEPT;
RAW int portend_server_alive(portend_server* server) PORTEND_NOEXCEPT;
RAW int portend_server_begin_stop(portend_server* server, int64_t grace_ms) PORTEND_NOEXCEPT;
RAW void portend_server_cancel(portend_server* server) PORTEND_NOEXCEPT;
RAW int portend_server_create(portend_server** server_out) PORTEND_NOEXCEPT;
RAW void portend_server_destroy(portend_server* server) PORTEND_NOEXCEPT;
RAW int portend_server_errno(portend_server* server) PORTEND_NOEXCEPT;
RAW int portend_server_exit_status(portend_server* server) PORTEND_NOEXCEPT;
RAW int portend_server_fd(portend_server* server) PORTEND_NOEXCEPT;
RAW int portend_server_launch(portend_server* server) PORTEND_NOEXCEPT;
RAW const char* portend_server_message(portend_server* server) PORTEND_NOEXCEPT;
RAW const char* portend_server_output(portend_server* server) PORTEND_NOEXCEPT;
RAW int64_t portend_server_pid(portend_server* server) PORTEND_NOEXCEPT;
RAW int portend_server_port(portend_server* server) PORTEND_NOEXCEPT;
RAW int portend_server_reserve(portend_server* server, int* port_out) PORTEND_NOEXCEPT;
RAW int portend_server_set_any_owner(portend_server* server, int enabled) PORTEND_NOEXCEPT;
RAW int portend_server_set_any_port(portend_server* server, int enabled) PORTEND_NOEXCEPT;
RAW int portend_server_set_command(portend_server* server, const char* const* argv) PORTEND_NOEXCEPT;
RAW int portend_server_set_directory(portend_server* server, const char* path) PORTEND_NOEXCEPT;
RAW int portend_server_set_environment(portend_server* server, const char* name,
                                       const char* value) PORTEND_NOEXCEPT;
RAW int portend_server_set_finder(portend_server* server, portend_finder* finder) PORTEND_NOEXCEPT;
RAW int portend_server_set_grace(portend_server* server, int64_t grace_ms) PORTEND_NOEXCEPT;
RAW int portend_server_set_interrupt(portend_server* server, int (*hook)(void* context),
                                     void* context) PORTEND_NOEXCEPT;
RAW int portend_server_set_name(portend_server* server, const char* name) PORTEND_NOEXCEPT;
RAW int portend_server_set_output(portend_server* server, const char* path) PORTEND_NOEXCEPT;
RAW int portend_server_set_output_fd(portend_server* server, int fd, const char* prefix) PORTEND_NOEXCEPT;
RAW int portend_server_set_port(portend_server* server, int port) PORTEND_NOEXCEPT;
RAW int portend_server_set_reserved(portend_server* server, int enabled) PORTEND_NOEXCEPT;
RAW int portend_server_start(portend_server* server, int64_t timeout_ms) PORTEND_NOEXCEPT;
RAW int portend_server_stop(portend_server* server, int64_t grace_ms) PORTEND_NOEXCEPT;
RAW int portend_server_wait_ready(portend_server* server, int64_t timeout_ms) PORTEND_NOEXCEPT;
RAW const char* portend_sockets_address(const portend_sockets* sockets, int index) PORTEND_NOEXCEPT;
RAW const char* portend_sockets_command_line(const portend_sockets* sockets, int index) PORTEND_NOEXCEPT;
RAW int portend_sockets_count(const portend_sockets* sockets) PORTEND_NOEXCEPT;
RAW int portend_sockets_create(int first_port, int last_port, unsigned kinds,
                               portend_sockets** sockets_out) PORTEND_NOEXCEPT;
RAW void portend_sockets_destroy(portend_sockets* sockets) PORTEND_NOEXCEPT;
RAW int portend_sockets_dual_stack(const portend_sockets* sockets, int index) PORTEND_NOEXCEPT;
RAW const char* portend_sockets_explain(const portend_sockets* sockets, int port) PORTEND_NOEXCEPT;
RAW unsigned portend_sockets_kind(const portend_sockets* sockets, int index) PORTEND_NOEXCEPT;
RAW int64_t portend_sockets_parent_pid(const portend_sockets* sockets, int index) PORTEND_NOEXCEPT;
RAW const char* portend_sockets_peer_address(const portend_sockets* sockets, int index) PORTEND_NOEXCEPT;
RAW int portend_sockets_peer_port(const portend_sockets* sockets, int index) PORTEND_NOEXCEPT;
RAW int64_t portend_sockets_pid(const portend_sockets* sockets, int index) PORTEND_NOEXCEPT;
RAW int portend_sockets_port(const portend_sockets* sockets, int index) PORTEND_NOEXCEPT;
RAW const char* portend_sockets_process(const portend_sockets* sockets, int index) PORTEND_NOEXCEPT;
RAW int64_t portend_sockets_remaining_ms(const portend_sockets* sockets, int index) PORTEND_NOEXCEPT;
RAW const char* portend_sockets_user(const portend_sockets* sockets, int index) PORTEND_NOEXCEPT;
RAW const char* portend_state_text(int state) PORTEND_NOEXCEPT;
RAW const char* portend_strerror(int status) PORTEND_NOEXCEPT;
RAW const char* portend_version(void) PORTEND_NOEXCEPT;
RAW int portend_waiter_add(portend_waiter* waiter, const char* host, int port, int wanted,
                           int* index_out) PORTEND_NOEXCEPT;
RAW const char* portend_waiter_address(portend_waiter* waiter, int index) PORTEND_NOEXCEPT;
RAW int portend_waiter_assert_free(portend_waiter* waiter, int64_t timeout_ms) PORTEND_NOEXCEPT;
RAW void portend_waiter_cancel(portend_waiter* waiter) PORTEND_NOEXCEPT;
RAW int portend_waiter_count(portend_waiter* waiter) PORTEND_NOEXCEPT;
RAW int portend_waiter_create(portend_waiter** waiter_out) PORTEND_NOEXCEPT;
RAW void portend_waiter_destroy(portend_waiter* waiter) PORTEND_NOEXCEPT;
RAW int64_t portend_waiter_elapsed_us(portend_waiter* waiter, int index) PORTEND_NOEXCEPT;
RAW int portend_waiter_errno(portend_waiter* waiter) PORTEND_NOEXCEPT;
RAW const char* portend_waiter_explain(portend_waiter* waiter, int index) PORTEND_NOEXCEPT;
RAW int portend_waiter_fd(portend_waiter* waiter, int* fd_out) PORTEND_NOEXCEPT;
RAW const char* portend_waiter_message(portend_waiter* waiter) PORTEND_NOEXCEPT;
RAW int portend_waiter_next(portend_waiter* waiter, int64_t timeout_ms,
                            portend_event* event_out) PORTEND_NOEXCEPT;
RAW int portend_waiter_probe(portend_waiter* waiter, int64_t attempt_limit_ms) PORTEND_NOEXCEPT;
RAW int64_t portend_waiter_probes(portend_waiter* waiter, int index) PORTEND_NOEXCEPT;
RAW int portend_waiter_process(portend_waiter* waiter) PORTEND_NOEXCEPT;
RAW int portend_waiter_reached(portend_waiter* waiter, int index) PORTEND_NOEXCEPT;
RAW int portend_waiter_reason(portend_waiter* waiter, int index) PORTEND_NOEXCEPT;
RAW int portend_waiter_reset(portend_waiter* waiter) PORTEND_NOEXCEPT;
RAW int portend_waiter_resume(portend_waiter* waiter) PORTEND_NOEXCEPT;
RAW int portend_waiter_run(portend_waiter* waiter, int mode, int64_t timeout_ms) PORTEND_NOEXCEPT;
RAW int portend_waiter_set_attempt_limit(portend_waiter* waiter, int64_t limit_ms) PORTEND_NOEXCEPT;
RAW int portend_waiter_set_evidence(portend_waiter* waiter, int evidence) PORTEND_NOEXCEPT;
RAW int portend_waiter_set_family(portend_waiter* waiter, int family) PORTEND_NOEXCEPT;
RAW int portend_waiter_set_interrupt(portend_waiter* waiter, int (*hook)(void* context),
                                     void* context) PORTEND_NOEXCEPT;
RAW int portend_waiter_set_interval(portend_waiter* waiter, int64_t shortest_us,
                                    int64_t longest_us) PORTEND_NOEXCEPT;
RAW int portend_waiter_set_name_retry(portend_waiter* waiter, int enabled) PORTEND_NOEXCEPT;
RAW int portend_waiter_set_owner(portend_waiter* waiter, int64_t pid) PORTEND_NOEXCEPT;
RAW int portend_waiter_set_pid(portend_waiter* waiter, int64_t pid) PORTEND_NOEXCEPT;
RAW int portend_waiter_set_stable(portend_waiter* waiter, int64_t duration_ms) PORTEND_NOEXCEPT;
RAW int portend_waiter_start(portend_waiter* waiter, int mode, int64_t timeout_ms) PORTEND_NOEXCEPT;
RAW int portend_waiter_state(portend_waiter* waiter, int index) PORTEND_NOEXCEPT;
RAW int portend_waiter_watch(portend_waiter* waiter, const char* host, int port,
                             int* index_out) PORTEND_NOEXCEPT;
