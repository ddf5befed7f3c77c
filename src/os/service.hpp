// SPDX-License-Identifier: MIT
// services(5): names of ports.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace portend::os {

/// The TCP port of a service, such as "http", according to services(5).
std::optional<std::uint16_t> tcp_service_port(const std::string& name);

}  // namespace portend::os
