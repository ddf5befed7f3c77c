// SPDX-License-Identifier: MIT
// Converts arguments of callers to values, at the API boundary. Throws std::invalid_argument with a message
// for people if an argument is invalid.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "os/address.hpp"
#include "os/time.hpp"
#include "portend/waiter.h"

namespace portend::capi {

std::string host_argument(const char* host);
std::uint16_t port_argument(int port);
std::int64_t timeout_argument(std::int64_t timeout_ms);

/// The timeout of a single probe. Nothing for 0, which keeps the attempt limit.
std::optional<os::Duration> attempt_limit_argument(std::int64_t timeout_ms);

std::optional<os::Family> family_argument(portend_family family);
bool flag_argument(int enabled);

/// Throws if an argument is NULL; `name` names it in the message.
void require(const void* argument, const char* name);

std::int64_t in_range(std::int64_t value, std::int64_t least, std::int64_t most, const char* name);

}  // namespace portend::capi
