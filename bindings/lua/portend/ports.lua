-- SPDX-License-Identifier: MIT
-- Finds and reserves ports.
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

-- Converts a port or { first, last } to two ports.
local function bounds(value, name, caller)
  if type(value) ~= "table" then
    local port = arguments.whole(value, name, caller)
    return port, port
  end
  local first = arguments.whole(value[1], name, caller)
  return first, arguments.whole(value[2], name, caller)
end

local function each_range(method, name)
  return function(finder, value, caller)
    for _, range in ipairs(arguments.table(value, name, caller)) do
      local code = finder[method](finder, bounds(range, name, caller))
      if code ~= native.OK then
        return code
      end
    end
    return native.OK
  end
end

-- Each function sets one option, and returns a status.
local OPTIONS = {
  host = function(finder, value, caller)
    return finder:set_host(arguments.text(value, "host", caller))
  end,
  range = function(finder, value, caller)
    return finder:set_range(bounds(arguments.table(value, "range", caller), "range", caller))
  end,
  from = function(finder, value, caller)
    return finder:set_from(arguments.whole(value, "from", caller))
  end,
  name = function(finder, value, caller)
    return finder:set_name(arguments.text(value, "name", caller))
  end,
  family = function(finder, value, caller)
    return finder:set_family(arguments.word(value, FAMILIES, "family", caller))
  end,
  prefer = each_range("add_preferred", "prefer"),
  exclude = each_range("add_excluded", "exclude"),
  consecutive = flag("set_consecutive"),
  browser_safe = flag("set_browser_safe"),
  only_preferred = flag("set_only_preferred"),
  udp = flag("set_udp"),
  avoid_ephemeral = flag("set_avoid_ephemeral"),
  port_server = flag("set_port_server"),
}

-- Returns a finder, and the status of setting its options.
local function finder_for(options, position, caller)
  if type(options) == "string" then
    options = { host = arguments.text(options, position, caller) }
  end
  options = arguments.options(options, OPTIONS, caller)
  if options.from ~= nil and options.name ~= nil then
    arguments.refuse("name", caller, "from is given")
  end
  local finder = native.Finder()
  for name, set in pairs(OPTIONS) do
    if options[name] ~= nil then
      local code = set(finder, options[name], caller)
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
  if code ~= native.OK then
    return status.conclude(code, finder)
  end
  native.close(finder)
  local numbers = {}
  for index = 1, count do
    numbers[index] = found:at(index - 1)
  end
  return numbers
end

function ports.find_port(options)
  local found, message, code, number = find(1, finder_for(options, 1, "find_port"))
  if not found then
    return status.failure(message, code, number)
  end
  return found[1]
end

function ports.return_port(port)
  return status.result(native.return_port(arguments.whole(port, 1, "return_port")))
end

function ports.find_ports(count, options)
  count = arguments.whole(count, 1, "find_ports")
  return find(count, finder_for(options, 2, "find_ports"))
end

function ports.reserve(options)
  local finder, code = finder_for(options, 1, "reserve")
  local held = native.Reservation()
  if code == native.OK then
    code = held:create(finder)
  end
  if code ~= native.OK then
    return status.conclude(code, finder)
  end
  native.close(finder)
  return Reservation._new(held)
end

function ports.reserve_many(count, options)
  count = arguments.whole(count, 1, "reserve_many")
  local finder, code = finder_for(options, 2, "reserve_many")
  local several = native.Reservations(count)
  if code == native.OK then
    code = several:create(finder)
  end
  if code ~= native.OK then
    return status.conclude(code, finder)
  end
  native.close(finder)
  local reservations = {}
  for index = 1, count do
    local held = native.Reservation()
    held:take(several, index - 1)
    reservations[index] = Reservation._new(held)
  end
  return reservations
end

return ports
