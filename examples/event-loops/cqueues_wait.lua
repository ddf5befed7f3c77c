-- SPDX-License-Identifier: MIT
-- A wait in a cqueues controller, beside another coroutine: cqueues_wait.lua HOST:PORT.
local cqueues = require("cqueues")
local portend = require("portend")

local host, port = assert(portend.parse_target(arg[1]))
local waiter = assert(portend.waiter())
assert(waiter:occupied(host, port))
assert(waiter:start(30))
print("waiting")
io.stdout:flush()

local controller, ticks, over = cqueues.new(), 0, false

controller:wrap(function()
  local ready = { pollfd = assert(waiter:fd()), events = "r" }
  local ended, message
  repeat
    cqueues.poll(ready)
    ended, message = waiter:process()
  until ended ~= false
  over = true
  print(ended and ("ready; %d ticks of the loop meanwhile"):format(ticks) or message)
end)

controller:wrap(function()
  while not over do
    cqueues.sleep(0.01)
    ticks = ticks + 1
  end
end)

assert(controller:loop())
waiter:close()
