// SPDX-License-Identifier: MIT
// From what a caller gives to values, once, at the door. What cannot be meant is thrown as
// std::invalid_argument, with a message for people.
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

/// The timeout of a single probe: nothing for 0, which leaves the limit as it is.
std::optional<os::Duration> attempt_limit_argument(std::int64_t timeout_ms);

std::optional<os::Family> family_argument(portend_family family);
bool flag_argument(int enabled);

/// "Host" must not be NULL: the name of what is missing.
void require(const void* argument, const char* name);

std::int64_t in_range(std::int64_t value, std::int64_t least, std::int64_t most, const char* name);

}  // namespace portend::capi
