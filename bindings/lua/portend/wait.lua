-- SPDX-License-Identifier: MIT
-- A call of C that waits, and that gives Lua its turn when a signal has come: see interruption.i.
local native = require("portend.native")

--- Waits, again and again as long as what ends it is a hook that returns.
-- @tparam number timeout in milliseconds
-- @tparam function call takes what is left of it, and gives a status
local function wait(timeout, call)
  local began = native.monotonic()
  native.note_hook()
  local status = call(timeout)
  while status == native.HOOK_CAME do
    native.run_hook()
    local left = timeout
    if timeout > 0 then
      left = math.max(timeout - math.floor((native.monotonic() - began) * 1000), 0)
    end
    status = call(left)
  end
  return status
end

return wait
