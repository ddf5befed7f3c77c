// SPDX-License-Identifier: MIT
/// @file
/// Servers for C++17 and later: the functions of portend/server.h and portend/server_options.h with
/// an owning handle, std::chrono and exceptions.
///
///     portend::server redis({"redis-server", "--port", "{port}"});
///     redis.start();
///     connect_to(redis.port());
#ifndef PORTEND_SERVER_HPP
#define PORTEND_SERVER_HPP

#include <portend/portend.hpp>

namespace portend {

/// A program that serves a port. The destructor stops it. The options can be chained.
class server {
 public:
  static constexpr std::chrono::seconds usual_timeout{60};
  static constexpr std::chrono::seconds usual_grace{10};

  explicit server(const std::vector<std::string> &command) {
    portend_server *made = nullptr;
    detail::check(portend_server_create(&made));
    handle_.reset(made);
    std::vector<const char *> texts;
    for (const auto &text : command) texts.push_back(text.c_str());
    texts.push_back(nullptr);
    check(portend_server_set_command(get(), texts.data()));
  }

  server &environment(const std::string &name, const std::string &value) {
    return option(portend_server_set_environment(get(), name.c_str(), value.c_str()));
  }
  server &without(const std::string &name) {
    return option(portend_server_set_environment(get(), name.c_str(), nullptr));
  }
  server &directory(const std::string &path) {
    return option(portend_server_set_directory(get(), path.c_str()));
  }
  server &name(const std::string &text) {
    return option(portend_server_set_name(get(), text.c_str()));
  }
  server &port(int number) { return option(portend_server_set_port(get(), number)); }
  server &ports(const finder &options) {
    return option(portend_server_set_finder(get(), options.get()));
  }
  server &any_port() { return option(portend_server_set_any_port(get(), 1)); }
  server &any_owner() { return option(portend_server_set_any_owner(get(), 1)); }
  server &unreserved() { return option(portend_server_set_reserved(get(), 0)); }
  server &output(const std::string &path) {
    return option(portend_server_set_output(get(), path.c_str()));
  }
  server &output(int descriptor, const std::string &prefix = "") {
    return option(portend_server_set_output_fd(get(), descriptor, prefix.c_str()));
  }
  server &grace(timeout length) { return option(portend_server_set_grace(get(), length.count())); }

  /// Chooses and reserves the port before the start.
  int reserve() {
    int chosen = 0;
    check(portend_server_reserve(get(), &chosen));
    return chosen;
  }

  /// Starts the program, and waits until it listens.
  void start(timeout limit = usual_timeout) { check(portend_server_start(get(), limit.count())); }

  /// Starts the program; wait_ready() waits until it listens.
  void launch() { check(portend_server_launch(get())); }
  void wait_ready(timeout limit = usual_timeout) {
    check(portend_server_wait_ready(get(), limit.count()));
  }

  void stop(timeout length = usual_grace) { check(portend_server_stop(get(), length.count())); }

  /// Ends the waits of other threads. A signal handler may call it.
  void cancel() noexcept { portend_server_cancel(get()); }

  [[nodiscard]] int port() const noexcept { return portend_server_port(get()); }
  [[nodiscard]] std::int64_t pid() const noexcept { return portend_server_pid(get()); }
  [[nodiscard]] bool alive() const noexcept { return portend_server_alive(get()) != 0; }

  /// Returns the exit code, or 128 + the number of the signal; nothing while the program runs.
  [[nodiscard]] std::optional<int> exit_status() const noexcept {
    const int status = portend_server_exit_status(get());
    return status < 0 ? std::nullopt : std::optional<int>(status);
  }

  /// Returns the last 8 KiB of the output.
  [[nodiscard]] std::string output() const { return portend_server_output(get()); }

  [[nodiscard]] portend_server *get() const noexcept { return handle_.get(); }

 private:
  void check(portend_status status) const {
    if (status != PORTEND_OK) detail::raise(status, portend_server_message(get()));
  }
  server &option(portend_status status) {
    check(status);
    return *this;
  }

  detail::owned<portend_server, portend_server_destroy> handle_;
};

}  // namespace portend

#endif
