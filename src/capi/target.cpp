// SPDX-License-Identifier: MIT
#include "portend/target.h"

#include <cstring>
#include <string>

#include "capi/arguments.hpp"
#include "capi/guard.hpp"
#include "net/host.hpp"
#include "net/target.hpp"

using namespace portend;

namespace {

void copy_out(const std::string& text, char* out, std::size_t size) {
  if (text.size() >= size) {
    throw std::invalid_argument("The result takes " + std::to_string(text.size() + 1) +
                                " bytes: the buffer has " + std::to_string(size) + ".");
  }
  std::memcpy(out, text.c_str(), text.size() + 1);
}

}  // namespace

const char* portend_client_host(const char* server_host) noexcept { return net::client_host(server_host); }

portend_status portend_parse_target(const char* text, char* host_out, size_t host_size,
                                    int* port_out) noexcept {
  return capi::guard([&] {
    capi::require(text, "The text of the target");
    capi::require(host_out, "The buffer for the host");
    capi::require(port_out, "The pointer to the port");
    const auto target = net::parse_target(text);
    copy_out(target.host, host_out, host_size);
    *port_out = target.port;
    return PORTEND_OK;
  });
}

portend_status portend_format_target(const char* host, int port, char* text_out, size_t text_size) noexcept {
  return capi::guard([&] {
    capi::require(text_out, "The buffer for the text");
    const auto text = net::format_target(capi::host_argument(host), capi::port_argument(port));
    copy_out(text, text_out, text_size);
    return PORTEND_OK;
  });
}
