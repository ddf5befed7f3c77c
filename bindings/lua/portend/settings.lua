-- SPDX-License-Identifier: MIT

-- The options of a waiter (internal).

local native = require("portend.native")
local arguments = require("portend.arguments")

local FAMILIES = { any = native.FAMILY_ANY, ipv4 = native.FAMILY_IPV4, ipv6 = native.FAMILY_IPV6 }
local EVIDENCES = {
  auto = native.EVIDENCE_AUTO,
  connection = native.EVIDENCE_CONNECTION,
  table = native.EVIDENCE_TABLE,
}

-- Each function sets one option, and returns a status.
return {
  interval = function(waiter, value, caller)
    local shortest, longest = 0, value
    if type(value) == "table" then
      shortest = arguments.microseconds(value[1], "interval", caller)
      longest = value[2]
    end
    return waiter:set_interval(shortest, arguments.microseconds(longest, "interval", caller))
  end,
  attempt_limit = function(waiter, value, caller)
    return waiter:set_attempt_limit(arguments.milliseconds(value, "attempt_limit", caller))
  end,
  family = function(waiter, value, caller)
    return waiter:set_family(arguments.word(value, FAMILIES, "family", caller))
  end,
  retry_names = function(waiter, value)
    return waiter:set_name_retry(arguments.flag(value))
  end,
  pid = function(waiter, value, caller)
    return waiter:set_pid(arguments.whole(value, "pid", caller))
  end,
  owner = function(waiter, value, caller)
    return waiter:set_owner(arguments.whole(value, "owner", caller))
  end,
  evidence = function(waiter, value, caller)
    return waiter:set_evidence(arguments.word(value, EVIDENCES, "evidence", caller))
  end,
  stable = function(waiter, value, caller)
    return waiter:set_stable(arguments.milliseconds(value, "stable", caller))
  end,
}
