-- SPDX-License-Identifier: MIT
-- Waits for one target, or probes it once.
local native = require("portend.native")
local arguments = require("portend.arguments")
local status = require("portend.status")
local wait = require("portend.wait")

local simple = {}

local function one_target(wanted, host, port, caller)
  host = arguments.text(host, 1, caller)
  port = arguments.whole(port, 2, caller)
  local waiter = native.Waiter()
  return waiter, waiter:add(host, port, wanted)
end

-- Adds one target, and starts a call with it.
local function with_one(wanted, host, port, caller, start)
  local waiter, code = one_target(wanted, host, port, caller)
  if code == native.OK then
    code = wait.resuming(function()
      return start(waiter)
    end, function()
      return waiter:resume()
    end)
  end
  return waiter, code
end

local function wait_for(wanted, host, port, timeout, caller)
  local limit = arguments.milliseconds(timeout, 3, caller)
  local waiter, code = with_one(wanted, host, port, caller, function(waiter)
    return waiter:run(native.ALL, limit)
  end)
  return status.conclude(code, waiter)
end

function simple.occupied(host, port, timeout)
  return wait_for(native.STATE_OCCUPIED, host, port, timeout, "occupied")
end

function simple.free(host, port, timeout)
  return wait_for(native.STATE_FREE, host, port, timeout, "free")
end

function simple.bindable(host, port, timeout)
  return wait_for(native.STATE_BINDABLE, host, port, timeout, "bindable")
end

function simple.is_bindable(host, port)
  local waiter, code = with_one(native.STATE_BINDABLE, host, port, "is_bindable", function(waiter)
    return waiter:run(native.ALL, 0)
  end)
  if code == native.ERR_TIMEOUT then
    native.close(waiter)
    return false
  end
  return status.conclude(code, waiter)
end

function simple.drained(host, port, timeout)
  return wait_for(native.STATE_DRAINED, host, port, timeout, "drained")
end

function simple.assert_free(host, port, timeout)
  local limit = arguments.milliseconds(timeout or 0, 3, "assert_free")
  local waiter, code = with_one(native.STATE_FREE, host, port, "assert_free", function(waiter)
    return waiter:assert_free(limit)
  end)
  return status.conclude(code, waiter)
end

function simple.probe(host, port, timeout)
  local limit = arguments.milliseconds(timeout or 0, 3, "probe")
  local waiter, code = with_one(native.STATE_FREE, host, port, "probe", function(waiter)
    return waiter:probe(limit)
  end)
  local state = native.state_text(waiter:state(0))
  local ok, message, number
  ok, message, code, number = status.conclude(code, waiter)
  if ok then
    return state
  end
  return status.failure(message, code, number)
end

return simple
