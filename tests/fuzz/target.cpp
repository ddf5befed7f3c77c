// SPDX-License-Identifier: MIT
// Targets as text. What is parsed can be formatted and parsed again, a refusal has a message, no buffer
// overflows, and no password is shown.
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include <portend/portend.h>

#include "net/host.hpp"
#include "require.hpp"

namespace {

using portend::fuzz::require_message;

constexpr int untouched = -12345;
constexpr char mark = 0x55;

/// A buffer of exactly this size, so that the sanitizer detects one byte more.
struct Room {
  explicit Room(std::size_t size) : bytes(new char[size]), size(size) {
    std::memset(bytes.get(), mark, size);
  }

  [[nodiscard]] bool is_untouched() const {
    for (std::size_t i = 0; i < size; ++i) {
      if (bytes[i] != mark) return false;
    }
    return true;
  }

  std::unique_ptr<char[]> bytes;
  std::size_t size;
};

void require_refusal(portend_status status, const Room& room, int port) {
  REQUIRE(status == PORTEND_ERR_INVALID);
  REQUIRE(room.is_untouched());
  REQUIRE(port == untouched);
  require_message(portend_last_error());
}

void require_host(const std::string& host) {
  REQUIRE(!host.empty() && host.size() < PORTEND_HOST_SIZE);
  REQUIRE(portend::net::is_utf8(host) && !portend::net::has_control_characters(host));
  REQUIRE(host.find(' ') == host.npos);
  REQUIRE(!portend::net::validate_host(host));
}

/// Formats a target, and parses the result.
void require_round_trip(const std::string& host, int port, const std::string& text) {
  const std::string client_host = portend_client_host(host.c_str());
  Room again(PORTEND_HOST_SIZE);
  int port_again = untouched;
  REQUIRE(portend_parse_target(text.c_str(), again.bytes.get(), again.size, &port_again) == PORTEND_OK);
  REQUIRE(client_host == again.bytes.get() && port == port_again);

  Room tight(text.size());
  REQUIRE(portend_format_target(host.c_str(), port, tight.bytes.get(), tight.size) == PORTEND_ERR_INVALID);
  REQUIRE(tight.is_untouched());
}

std::string formatted(const std::string& host, int port) {
  Room room(PORTEND_HOST_SIZE + 8);
  REQUIRE(portend_format_target(host.c_str(), port, room.bytes.get(), room.size) == PORTEND_OK);
  return room.bytes.get();
}

void parse(const std::string& text, std::size_t size) {
  Room room(size);
  int port = untouched;
  const auto status = portend_parse_target(text.c_str(), room.bytes.get(), room.size, &port);
  if (status != PORTEND_OK) return require_refusal(status, room, port);

  const std::string host(room.bytes.get(), strnlen(room.bytes.get(), room.size));
  REQUIRE(host.size() < room.size && port >= 1 && port <= 65535);
  require_host(host);
  // A URL may have a percent-encoded host, and an address may have a zone as in RFC 6874.
  REQUIRE(text.find(host) != text.npos || text.find('%') != text.npos);
  require_round_trip(host, port, formatted(host, port));
}

bool is_of_the_web(const std::string& text) {
  return text.find("http") != text.npos || text.find("ws") != text.npos;
}

/// Puts a password into the text, followed by '@' somewhere. No message and no host may contain it.
void hide(const std::string& before, const std::string& after) {
  constexpr const char* secret = "Q9x7Zk";
  const std::string text = before + secret + after;
  if (after.find('@') == after.npos || (before + after).find(secret) != before.npos) return;
  Room room(PORTEND_HOST_SIZE);
  int port = untouched;
  if (portend_parse_target(text.c_str(), room.bytes.get(), room.size, &port) == PORTEND_OK) {
    // In the path of a web page, '@' is common.
    std::string lower = text;
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    REQUIRE(std::strstr(room.bytes.get(), secret) == nullptr || is_of_the_web(lower));
  } else {
    REQUIRE(std::strstr(portend_last_error(), secret) == nullptr);
  }
}

void format(const std::string& host, int port, std::size_t size) {
  Room room(size);
  const auto status = portend_format_target(host.c_str(), port, room.bytes.get(), room.size);
  if (status != PORTEND_OK) return require_refusal(status, room, untouched);

  REQUIRE(port >= 1 && port <= 65535);
  require_host(host);
  require_round_trip(host, port, room.bytes.get());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A C string ends at its NUL.
  const auto* const begin = reinterpret_cast<const char*>(data);
  const std::string text(begin, strnlen(begin, size));
  parse(text, PORTEND_HOST_SIZE);
  format(text, static_cast<int>(size * 7919 % 70000), PORTEND_HOST_SIZE + 8);
  // All buffer sizes and ports must work.
  parse(text, size % 9);
  format(text, size < 4 ? -1 : 80, size % 16);
  hide(text.substr(0, text.size() / 2), text.substr(text.size() / 2));
  return 0;
}
