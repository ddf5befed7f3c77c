-- SPDX-License-Identifier: MIT
-- One target: wait for it, or look at it once.
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

local function wait_for(wanted, host, port, timeout, caller)
  local limit = arguments.milliseconds(timeout, 3, caller)
  local waiter, code = one_target(wanted, host, port, caller)
  if code == native.OK then
    code = wait(limit, function(left)
      return waiter:run(native.ALL, left)
    end)
  end
  return status.conclude(code, waiter)
end

function simple.occupied(host, port, timeout)
  return wait_for(native.STATE_OCCUPIED, host, port, timeout, "occupied")
end

function simple.free(host, port, timeout)
  return wait_for(native.STATE_FREE, host, port, timeout, "free")
end

function simple.assert_free(host, port, timeout)
  local limit = arguments.milliseconds(timeout or 0, 3, "assert_free")
  local waiter, code = one_target(native.STATE_FREE, host, port, "assert_free")
  if code == native.OK then
    code = wait(native.FOREVER, function()
      return waiter:assert_free(limit)
    end)
  end
  return status.conclude(code, waiter)
end

return simple
