// SPDX-License-Identifier: MIT
// Input from the kernel and from a port server: netlink answers, files of /proc, the line with a port. The
// first byte selects one. No answer may be read beyond its end, and unknown parts must be ignored.
#include <sys/socket.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "os/linux/netlink.hpp"
#include "os/linux/proc_net.hpp"
#include "os/linux/process_files.hpp"
#include "os/linux/text_file.hpp"
#include "os/local_service.hpp"
#include "os/posix/send_flags.hpp"
#include "ports/port_server.hpp"
#include "require.hpp"

using namespace portend;

namespace {

std::string input;

void take(const os::DiagAnswer& answer) {
  if (answer.socket == nullptr) return;
  REQUIRE(answer.size >= sizeof(inet_diag_msg));
  static_cast<void>(os::local_endpoint(*answer.socket));
  static_cast<void>(os::peer_endpoint(*answer.socket));
  static_cast<void>(os::is_v6_only(answer));
}

/// Each datagram is preceded by a byte with its length.
std::size_t send_datagrams(int to, std::string_view rest) {
  std::size_t count = 0;
  for (; !rest.empty() && count < 16; ++count) {
    const auto length = static_cast<std::size_t>(static_cast<unsigned char>(rest.front())) * 4;
    rest.remove_prefix(1);
    const auto datagram = rest.substr(0, length);
    rest.remove_prefix(datagram.size());
    if (send(to, datagram.data(), datagram.size(), MSG_DONTWAIT) < 0) break;
  }
  return count;
}

void read_exact_answers() {
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
  const os::Descriptor netlink(ends[0]);
  const os::Descriptor kernel(ends[1]);
  os::receive(netlink, send_datagrams(ends[1], input), take);
}

/// The first attempt reads the input; later ones ask the real kernel.
void read_dumps() {
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
  os::Descriptor netlink(ends[0]);
  const os::Descriptor kernel(ends[1]);
  send_datagrams(ends[1], input);
  std::uint32_t sequence = 0;
  std::array requests{os::dump_request(os::Transport::tcp, os::Family::ipv4, os::only_listening)};
  os::dump(
      netlink, sequence, requests, [] {}, take);
}

void read_proc() {
  const auto sockets =
      os::sockets_from_proc({.listening = true, .connected = true, .time_wait = true, .udp = true});
  REQUIRE(sockets.has_value());
  for (const auto& entry : *sockets)
    REQUIRE(entry.kind != os::SocketKind::time_wait || entry.remaining.count() >= 0);
  REQUIRE(os::listeners_from_proc().has_value());
  static_cast<void>(os::process_stat(1));
  REQUIRE(!os::process_name(1).ends_with('\n'));
}

void read_port() {
  const auto port = ports::ask_port_server(os::Clock::now());
  if (port) REQUIRE(std::to_string(*port) == input.substr(input.find_first_not_of('0')));
}

}  // namespace

// Replace those of the library, which would ask the system.
namespace portend::os {

std::optional<std::string> read_text(const std::string&) { return input; }

std::optional<std::string> ask_local_service(const std::string&, const std::string&, Instant) {
  return input;
}

}  // namespace portend::os

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool prepared = setenv("PORTSERVER_ADDRESS", "@fuzz", 1) == 0;
  if (!prepared || size == 0) return 0;
  input.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      read_exact_answers();
      break;
    case 1:
      read_dumps();
      break;
    case 2:
      read_proc();
      break;
    default:
      read_port();
      break;
  }
  return 0;
}
