-- SPDX-License-Identifier: MIT

--- One target of a waiter, and targets as text.
-- @submodule portend

local native = require("portend.native")
local arguments = require("portend.arguments")
local status = require("portend.status")

local target = {}

-- Fields that are read from C on each access.
local known = {
  state = function(waiter, index)
    return native.state_text(waiter:state(index))
  end,
  reason = function(waiter, index)
    return native.reason_text(waiter:reason(index))
  end,
  reached = function(waiter, index)
    return waiter:reached(index) == 1
  end,
  address = function(waiter, index)
    return waiter:address(index)
  end,
  elapsed = function(waiter, index)
    return waiter:elapsed_us(index) / 1e6
  end,
  probes = function(waiter, index)
    return waiter:probes(index)
  end,
  explanation = function(waiter, index)
    return waiter:explain(index)
  end,
}

local live = {
  __index = function(self, name)
    return known[name] and known[name](self._native, self._index)
  end,
  __tostring = function(self)
    return target.format_target(self.host, self.port)
  end,
}

local still = { __tostring = live.__tostring }

-- Returns a target whose fields are read from C on each access.
function target.new(waiter, index, host, port)
  return setmetatable({ _native = waiter, _index = index, host = host, port = port }, live)
end

-- Returns what was known of a target when its waiter ended.
function target.snapshot(of)
  local copy = { host = of.host, port = of.port }
  for name in pairs(known) do
    copy[name] = of[name]
  end
  return setmetatable(copy, still)
end

--- Targets as text
-- @section text

--- Splits `"host:port"` into host and port.
-- @function parse_target
-- @string text such as "db:5432" or "[::1]:80"
-- @treturn[1] string host
-- @treturn[1] int port
-- @treturn[2] nil
-- @treturn[2] string why the text is not a target
-- @treturn[2] int code
function target.parse_target(text)
  local room = native.Target()
  local code = room:parse(arguments.text(text, 1, "parse_target"))
  if code ~= native.OK then
    return status.result(code)
  end
  return room:host(), room:port()
end

--- Joins host and port; a wildcard address is replaced by the result of @{client_host}.
-- @function format_target
-- @string host name or numeric address
-- @int port 1 to 65535
-- @treturn[1] string such as "[::1]:80"
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
function target.format_target(host, port)
  local room = native.Target()
  host = arguments.text(host, 1, "format_target")
  local code = room:format(host, arguments.whole(port, 2, "format_target"))
  if code ~= native.OK then
    return status.result(code)
  end
  return room:text()
end

--- Returns the address that a client connects to, for a server that is bound to a host.
-- @function client_host
-- @string host such as "0.0.0.0"
-- @treturn string such as "127.0.0.1"
function target.client_host(host)
  return native.client_host(arguments.text(host, 1, "client_host"))
end

return target
