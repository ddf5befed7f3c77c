-- SPDX-License-Identifier: MIT
-- A call of C that waits, and that gives Lua its turn when a signal has come: see interruption.i.
local native = require("portend.native")

--- Calls, and resumes as long as what ends the call is a hook that returns.
-- @tparam function call starts the wait; returns a status
-- @tparam function resume continues it with its deadline; returns a status
local function wait(call, resume)
  native.note_hook()
  local status = call()
  while status == native.HOOK_CAME do
    native.run_hook()
    status = resume()
  end
  return status
end

return wait
