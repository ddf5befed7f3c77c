-- SPDX-License-Identifier: MIT
-- Ports that can be bound now, and ports that nobody else can take.
local native = require("portend.native")
local arguments = require("portend.arguments")
local status = require("portend.status")
local Reservation = require("portend.reservation")

local ports = {}

local FAMILIES = { any = native.FAMILY_ANY, ipv4 = native.FAMILY_IPV4, ipv6 = native.FAMILY_IPV6 }

local function flag(method)
  return function(finder, value)
    return finder[method](finder, arguments.flag(value))
  end
end

local function each_port(method, name)
  return function(finder, value, caller)
    for _, port in ipairs(arguments.table(value, name, caller)) do
      local code = finder[method](finder, arguments.whole(port, name, caller))
      if code ~= native.OK then
        return code
      end
    end
    return native.OK
  end
end

-- Each sets one wish, and gives a status.
local WISHES = {
  host = function(finder, value, caller)
    return finder:set_host(arguments.text(value, "host", caller))
  end,
  range = function(finder, value, caller)
    arguments.table(value, "range", caller)
    local first = arguments.whole(value[1], "range", caller)
    return finder:set_range(first, arguments.whole(value[2], "range", caller))
  end,
  family = function(finder, value, caller)
    return finder:set_family(arguments.word(value, FAMILIES, "family", caller))
  end,
  prefer = each_port("prefer", "prefer"),
  exclude = each_port("exclude", "exclude"),
  only_preferred = flag("only_preferred"),
  udp = flag("set_udp"),
  avoid_ephemeral = flag("avoid_ephemeral"),
  port_server = flag("use_port_server"),
}

-- A finder, and the status of what was wished.
local function finder_for(wishes, position, caller)
  if type(wishes) == "string" then
    wishes = { host = arguments.text(wishes, position, caller) }
  end
  wishes = arguments.options(wishes, WISHES, caller)
  local finder = native.Finder()
  for name, set in pairs(WISHES) do
    if wishes[name] ~= nil then
      local code = set(finder, wishes[name], caller)
      if code ~= native.OK then
        return finder, code
      end
    end
  end
  return finder, native.OK
end

local function find(count, finder, code)
  local found = native.Ports(count)
  if code == native.OK then
    code = finder:find(found)
  end
  local ok, message = status.conclude(code, finder)
  if not ok then
    return nil, message, code
  end
  local numbers = {}
  for index = 1, count do
    numbers[index] = found:at(index - 1)
  end
  return numbers
end

function ports.find_port(wishes)
  local found, message, code = find(1, finder_for(wishes, 1, "find_port"))
  if not found then
    return nil, message, code
  end
  return found[1]
end

function ports.find_ports(count, wishes)
  count = arguments.whole(count, 1, "find_ports")
  return find(count, finder_for(wishes, 2, "find_ports"))
end

function ports.reserve(wishes)
  local finder, code = finder_for(wishes, 1, "reserve")
  local held = native.Reservation()
  if code == native.OK then
    code = held:create(finder)
  end
  local ok, message = status.conclude(code, finder)
  if not ok then
    return nil, message, code
  end
  return Reservation._new(held)
end

return ports
