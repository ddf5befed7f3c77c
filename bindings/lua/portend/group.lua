-- SPDX-License-Identifier: MIT

--- Many independent waits in one event loop: one descriptor for all of them.
--
-- Made by @{portend.group}. A group has descriptors open until it is closed, collected, or (Lua 5.4) goes out
-- of scope as a `<close>` variable.
-- @classmod Group
-- @usage
-- local group = portend.group()
-- group:start(waiter, 30)
-- local ended, ok, message = group:next()

local native = require("portend.native")
local arguments = require("portend.arguments")
local status = require("portend.status")
local wait = require("portend.wait")
local Waiter = require("portend.waiter")

local Group = {}
Group.__index = Group

function Group._new()
  return setmetatable({ _native = native.Group(), _waiters = {}, _last = 0 }, Group)
end

local function refused(self, code)
  local message = self._native:message()
  return nil, message ~= "" and message or native.last_error(), code
end

local function closed()
  return nil, "The group is closed.", native.ERR_INVALID
end

--- Starts the wait of a waiter. The group keeps the waiter until its wait has ended.
-- @tparam Waiter waiter with targets that have wanted states
-- @number[opt] timeout seconds; nil and math.huge never end
-- @string[opt="all"] mode "all" or "any"
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
function Group:start(waiter, timeout, mode)
  local limit = arguments.milliseconds(timeout, 2, "start")
  local which = arguments.word(mode or "all", wait.MODES, 3, "start")
  if getmetatable(waiter) ~= Waiter then
    arguments.refuse(1, "start", ("Waiter expected, got %s"):format(type(waiter)))
  end
  if not self._native then
    return closed()
  end
  local id = self._last + 1
  local code = self._native:start(waiter._native, which, limit, id)
  if code ~= native.OK then
    return status.result(code, waiter._native)
  end
  self._last, self._waiters[id] = id, waiter
  return true
end

--- Runs the waits until one of them has ended.
-- @number[opt] timeout seconds; 0 runs what is due now
-- @treturn[1] Waiter the waiter whose wait has ended
-- @treturn[1] ?boolean true, or nil if the wait failed
-- @treturn[1] string why it failed
-- @treturn[1] int code
-- @treturn[2] nil
-- @treturn[2] string why none has ended
-- @treturn[2] int code, such as ERR_TIMEOUT
function Group:next(timeout)
  local limit = arguments.milliseconds(timeout, 1, "next")
  if not self._native then
    return closed()
  end
  local left = wait.left_of(limit)
  while true do
    local code = wait.again(left(), function(rest)
      return self._native:next(rest)
    end)
    if code ~= native.OK then
      return refused(self, code)
    end
    local id = self._native:ready()
    local waiter = self._waiters[id]
    local ended = waiter and waiter._native:process()
    if waiter and ended ~= native.PENDING then
      self._waiters[id] = nil
      return waiter, status.result(ended, waiter._native)
    end
  end
end

--- Returns the descriptor that is readable when @{Group:next} has something to do. It stays open until close,
--- and belongs to the group: poll it, do not read or close it.
-- @treturn[1] int the descriptor
-- @treturn[2] nil
-- @treturn[2] string why there is none
-- @treturn[2] int code
function Group:fd()
  if not self._native then
    return closed()
  end
  local fd = self._native:fd()
  if fd < 0 then
    return refused(self, native.ERR_UNSUPPORTED)
  end
  return fd
end

--- Releases the group; waits that are still in it end with ERR_CANCELED.
function Group:close()
  if self._native then
    native.close(self._native)
  end
  self._native, self._waiters = nil, {}
end

Group.__close = Group.close

return Group
