// SPDX-License-Identifier: MIT
/// @file
/// Finders and reservations: portend/find.h and portend/reservation.h. Part of portend/portend.hpp.
#ifndef PORTEND_FIND_HPP
#define PORTEND_FIND_HPP

#include <portend/find.h>
#include <portend/reservation.h>
#include <portend/error.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace portend {

/// A search for ports; see portend/find.h. The options can be chained.
class finder {
 public:
  finder() {
    portend_finder *made = nullptr;
    detail::check(portend_finder_create(&made));
    handle_.reset(made);
  }

  finder &host(const std::string &name) {
    return set(portend_finder_set_host(get(), name.c_str()));
  }
  finder &family(portend_family wanted) { return set(portend_finder_set_family(get(), wanted)); }
  finder &range(int first, int last) { return set(portend_finder_set_range(get(), first, last)); }
  finder &from(int first) { return set(portend_finder_set_from(get(), first)); }
  finder &name(const std::string &text) {
    return set(portend_finder_set_name(get(), text.c_str()));
  }
  finder &consecutive() { return set(portend_finder_set_consecutive(get(), 1)); }
  finder &browser_safe() { return set(portend_finder_set_browser_safe(get(), 1)); }
  finder &prefer(int port) { return prefer(port, port); }
  finder &prefer(int first, int last) {
    return set(portend_finder_add_preferred(get(), first, last));
  }
  finder &only_preferred() { return set(portend_finder_set_only_preferred(get(), 1)); }
  finder &exclude(int port) { return exclude(port, port); }
  finder &exclude(int first, int last) {
    return set(portend_finder_add_excluded(get(), first, last));
  }
  finder &udp() { return set(portend_finder_set_udp(get(), 1)); }
  finder &avoid_ephemeral() { return set(portend_finder_set_avoid_ephemeral(get(), 1)); }
  finder &no_port_server() { return set(portend_finder_set_port_server(get(), 0)); }

  [[nodiscard]] int find() { return find(1).front(); }

  /// Finds distinct ports.
  [[nodiscard]] std::vector<int> find(std::size_t count) {
    std::vector<int> ports(count);
    detail::check(portend_finder_find(get(), ports.data(), ports.size()));
    return ports;
  }

  [[nodiscard]] portend_finder *get() const noexcept { return handle_.get(); }

 private:
  finder &set(portend_status status) {
    detail::check(status);
    return *this;
  }

  detail::owned<portend_finder, portend_finder_destroy> handle_;
};

/// A reserved port; see portend/reservation.h.
class reservation {
 public:
  reservation() : reservation(create(nullptr, 1).front()) {}
  explicit reservation(const finder &options) : reservation(create(options.get(), 1).front()) {}

  /// Reserves several ports in one search: all, or none.
  static std::vector<reservation> many(const finder &options, std::size_t count) {
    std::vector<reservation> all;
    all.reserve(count);
    for (portend_reservation *made : create(options.get(), count)) all.push_back(reservation(made));
    return all;
  }

  [[nodiscard]] int port() const noexcept { return portend_reservation_port(get()); }

  /// Returns the sockets, which belong to the reservation.
  [[nodiscard]] std::vector<int> descriptors() const {
    std::vector<int> all;
    for (int i = 0; i < portend_reservation_fd_count(get()); ++i)
      all.push_back(portend_reservation_fd(get(), i));
    return all;
  }

  void listen(int backlog) { detail::check(portend_reservation_listen(get(), backlog)); }

  /// Lets programs that this process executes inherit the reservation.
  void inherit() { detail::check(portend_reservation_inherit(get())); }

  /// Parks the port, and returns for how long.
  std::chrono::seconds park() {
    int seconds = 0;
    detail::check(portend_reservation_park(get(), &seconds));
    return std::chrono::seconds(seconds);
  }

  [[nodiscard]] std::string explain() const { return portend_reservation_explain(get()); }
  [[nodiscard]] portend_reservation *get() const noexcept { return handle_.get(); }

 private:
  explicit reservation(portend_reservation *made) : handle_(made) {}

  static std::vector<portend_reservation *> create(portend_finder *options, std::size_t count) {
    std::vector<portend_reservation *> made(count);
    detail::check(portend_reservation_create_many(options, made.data(), made.size()));
    return made;
  }

  detail::owned<portend_reservation, portend_reservation_destroy> handle_;
};

}  // namespace portend

#endif
