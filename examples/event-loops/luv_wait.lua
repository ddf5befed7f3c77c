-- SPDX-License-Identifier: MIT
-- A wait in the loop of luv (libuv for Lua): luv_wait.lua HOST:PORT.
local portend = require("portend")
local uv = require("luv")

local host, port = assert(portend.parse_target(arg[1]))
local waiter = assert(portend.waiter())
assert(waiter:occupied(host, port))
assert(waiter:start(30))
print("waiting")
io.stdout:flush()

local ticks = 0
local timer = uv.new_timer()
timer:start(10, 10, function()
  ticks = ticks + 1
end)

local poll = uv.new_poll(assert(waiter:fd()))
poll:start("r", function()
  local ended, message = waiter:process()
  if ended == false then
    return -- the wait continues
  end
  poll:close()
  timer:close()
  print(ended and ("ready; %d ticks of the loop meanwhile"):format(ticks) or message)
end)

uv.run()
waiter:close()
