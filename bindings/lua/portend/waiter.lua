-- SPDX-License-Identifier: MIT

--- Any number of targets in one wait, each with its wanted state.
--
-- Made by @{portend.waiter}. Methods that can fail return nil, a message and a code. A waiter has a
-- descriptor open until it is closed, collected, or (Lua 5.4) goes out of scope as a `<close>` variable.
-- @classmod Waiter

local native = require("portend.native")
local arguments = require("portend.arguments")
local SETTINGS = require("portend.settings")
local status = require("portend.status")
local target = require("portend.target")
local wait = require("portend.wait")

local Waiter = {}
Waiter.__index = Waiter

-- Whether there is an option of this name.
function Waiter._knows(name)
  return SETTINGS[name] ~= nil
end

function Waiter._new(options, caller)
  local self = setmetatable({ targets = {}, _native = native.Waiter() }, Waiter)
  for name, set in pairs(SETTINGS) do
    if options[name] ~= nil then
      local code = set(self._native, options[name], caller)
      if code ~= native.OK then
        return status.conclude(code, self._native)
      end
    end
  end
  return self
end

local function result(self, code)
  return status.result(code, self._native)
end

function Waiter._add(self, host, port, wanted, caller)
  host, port = arguments.text(host, 1, caller), arguments.whole(port, 2, caller)
  local code
  if wanted then
    code = self._native:add(host, port, wanted)
  else
    code = self._native:watch(host, port)
  end
  if code ~= native.OK then
    return result(self, code)
  end
  local added = target.new(self._native, #self.targets, host, port)
  table.insert(self.targets, added)
  return added
end

--- Adds a target that is to become occupied.
-- @string host name or numeric address
-- @int port 1 to 65535
-- @treturn[1] Target the target
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
function Waiter:occupied(host, port)
  return Waiter._add(self, host, port, native.STATE_OCCUPIED, "occupied")
end

--- Adds a target that is to become free; see @{Waiter:occupied}.
-- @string host name or numeric address
-- @int port 1 to 65535
-- @treturn Target the target
function Waiter:free(host, port)
  return Waiter._add(self, host, port, native.STATE_FREE, "free")
end

--- Adds a target that is to become bindable: a server that sets SO_REUSEADDR could listen; see
--- @{Waiter:occupied}. Addresses of this machine only.
-- @string host name or numeric address
-- @int port 1 to 65535
-- @treturn Target the target
function Waiter:bindable(host, port)
  return Waiter._add(self, host, port, native.STATE_BINDABLE, "bindable")
end

--- Adds a target that is to become drained: the port has no connection any more; see @{Waiter:occupied}.
--- Addresses of this machine only.
-- @string host name or numeric address
-- @int port 1 to 65535
-- @treturn Target the target
function Waiter:drained(host, port)
  return Waiter._add(self, host, port, native.STATE_DRAINED, "drained")
end

--- Adds a target whose changes are events. No wait waits for it; see @{Waiter:occupied}.
-- @string host name or numeric address
-- @int port 1 to 65535
-- @treturn Target the target
function Waiter:watch(host, port)
  return Waiter._add(self, host, port, nil, "watch")
end

local function resume(self)
  return function()
    return self._native:resume()
  end
end

local function run(self, mode, timeout, caller)
  local limit = arguments.milliseconds(timeout, 1, caller)
  return wait.resuming(function()
    return self._native:run(mode, limit)
  end, resume(self))
end

--- Waits until all targets have reached their states.
-- @number[opt] timeout seconds; nil and math.huge never end, 0 probes once
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string a line for each target that has not reached its state
-- @treturn[2] int code, such as ERR_TIMEOUT
function Waiter:wait_all(timeout)
  return result(self, run(self, native.ALL, timeout, "wait_all"))
end

--- Waits until one of the targets has reached its state.
-- @number[opt] timeout as of @{Waiter:wait_all}
-- @treturn[1] {Target,...} the targets that have reached their states
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
function Waiter:wait_any(timeout)
  local code = run(self, native.ANY, timeout, "wait_any")
  if code ~= native.OK then
    return result(self, code)
  end
  return self:_reached()
end

function Waiter:_reached()
  local reached = {}
  for _, each in ipairs(self.targets) do
    if each.reached then
      table.insert(reached, each)
    end
  end
  return reached
end

--- Probes every address of the targets once, regardless of the wanted states, and fails if one is occupied.
-- @number[opt] timeout the limit of an attempt, as of @{portend.assert_free}
-- @treturn[1] boolean true: all targets are free
-- @treturn[2] nil
-- @treturn[2] string the message, which names the owner of the port if the system tells it
-- @treturn[2] int code, such as ERR_NOT_FREE
function Waiter:assert_free(timeout)
  local limit = arguments.milliseconds(timeout or 0, 1, "assert_free")
  return result(self, wait.resuming(function()
    return self._native:assert_free(limit)
  end, resume(self)))
end

--- Probes every target once, regardless of the wanted states. Read the states from the targets.
-- @number[opt] timeout seconds that one attempt may stay without an answer
-- @treturn[1] boolean true: the state of every target is known
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
function Waiter:probe(timeout)
  local limit = arguments.milliseconds(timeout or 0, 1, "probe")
  return result(self, wait.resuming(function()
    return self._native:probe(limit)
  end, resume(self)))
end

local function event(self, seen)
  return {
    target = self.targets[seen.target + 1],
    state = native.state_text(seen.state),
    reason = native.reason_text(seen.reason),
    address = seen.address,
    time = seen.realtime_ns / 1e9,
    monotonic = seen.monotonic_ns / 1e9,
    errno = seen.error ~= 0 and seen.error or nil,
  }
end

function Waiter:_next(limit, seen)
  return wait.again(limit, function(left)
    return self._native:next(left, seen)
  end)
end

--- Waits for the next change of state of any target; the first is the state that is found.
-- @number[opt] timeout seconds; 0 takes an available event
-- @treturn[1] Event the event
-- @treturn[2] nil
-- @treturn[2] string why there is none
-- @treturn[2] int code, such as ERR_TIMEOUT
function Waiter:next(timeout)
  local seen = native.Event()
  local code = self:_next(arguments.milliseconds(timeout, 1, "next"), seen)
  if code == native.DONE then
    return nil, native.strerror(code), code
  elseif code ~= native.OK then
    return result(self, code)
  end
  return event(self, seen)
end

local ENDS = { [native.DONE] = true, [native.ERR_TIMEOUT] = true, [native.ERR_CANCELED] = true }

--- Iterates over changes of state, each once and in order.
--
-- The iteration ends at the timeout, when the waiter is canceled, and when all targets have reached their
-- states. Other failures raise an error. Another iteration continues where this one ended.
-- @number[opt] timeout seconds, for the whole iteration
-- @treturn function returns an @{Event}
-- @usage for event in waiter:events(10) do print(event.target, event.state) end
function Waiter:events(timeout)
  local limit = arguments.milliseconds(timeout, 1, "events")
  local left = wait.left_of(limit)
  local seen = native.Event()
  return function()
    local code = self:_next(left(), seen)
    if code == native.OK then
      return event(self, seen)
    elseif not ENDS[code] then
      error(status.message(code, self._native), 2)
    end
  end
end

--- Starts a wait without blocking, for a foreign event loop. Wait until the descriptor of @{Waiter:fd} is
--- readable, then call @{Waiter:process}. Repeat this until the result is not false.
-- @number[opt] timeout seconds
-- @string[opt="all"] mode "all" or "any"
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
function Waiter:start(timeout, mode)
  local limit = arguments.milliseconds(timeout, 1, "start")
  return result(self, self._native:start(arguments.word(mode or "all", wait.MODES, 2, "start"), limit))
end

--- Returns the descriptor that is readable when there is something to do. It stays open from start until the
--- next wait, reset or close. It belongs to the waiter: poll it, do not read or close it.
-- @treturn[1] int the descriptor
-- @treturn[2] nil
-- @treturn[2] string why there is none
-- @treturn[2] int code
function Waiter:fd()
  local fd = self._native:fd()
  if fd < 0 then
    return result(self, native.ERR_INVALID)
  end
  return fd
end

--- Runs what is due now, without blocking.
-- @treturn[1] boolean true if the targets have reached their states; false: not yet
-- @treturn[2] nil
-- @treturn[2] string why the wait has failed
-- @treturn[2] int code
function Waiter:process()
  local code = self._native:process()
  if code == native.PENDING then
    return false
  end
  return result(self, code)
end

--- Ends the wait under way (from a debug hook), or the next one, with ERR_CANCELED. The waiter stays canceled
--- until reset.
function Waiter:cancel()
  self._native:cancel()
end

--- Prepares the waiter for another wait: it is not canceled, and all states are unknown.
-- @treturn boolean true
function Waiter:reset()
  return result(self, self._native:reset())
end

--- Releases the waiter at once. Later calls fail with ERR_INVALID.
function Waiter:close()
  native.close(self._native)
end

Waiter.__close = Waiter.close

--- A target of a waiter. Its fields are read when they are accessed; tostring() returns "host:port".
-- @table Target
-- @field host as the caller gave it
-- @field port as the caller gave it
-- @field state "occupied", "free", "bindable", "drained" or "unknown"
-- @field reason why, in a word: "refused", "silent", "listening"...
-- @field reached whether the target has reached its wanted state
-- @field address the numeric address that decided, or ""
-- @field elapsed seconds from the start of the wait to the wanted state, or to now
-- @field probes the number of probes
-- @field explanation a message that says why the target is not in its wanted state, or ""

--- A change of state of one target.
-- @table Event
-- @field target the @{Target}
-- @field state as in a @{Target}
-- @field reason as in a @{Target}
-- @field address as in a @{Target}
-- @field time when the change was seen, in seconds like os.time, with fractions
-- @field monotonic the same moment by a monotonic clock
-- @field errno if a policy of this system refused the probe

return Waiter
