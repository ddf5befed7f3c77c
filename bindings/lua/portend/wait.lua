-- SPDX-License-Identifier: MIT
-- Calls of C that wait, and that give Lua its turn when a signal has come: see interruption.i.
local native = require("portend.native")

local wait = {}

--- Calls, and resumes as long as what ends the call is a hook that returns.
-- @tparam function call starts the wait; returns a status
-- @tparam function resume continues it with its deadline; returns a status
function wait.resuming(call, resume)
  native.note_hook()
  local status = call()
  while status == native.HOOK_CAME do
    native.run_hook()
    status = resume()
  end
  return status
end

--- The same for a call that is continued by calling it again.
-- @tparam number limit in milliseconds
-- @tparam function call takes what is left of it; returns a status
function wait.again(limit, call)
  local deadline = native.monotonic() + limit / 1000
  local function with_rest()
    local left = limit
    if limit > 0 then
      left = math.max(math.ceil((deadline - native.monotonic()) * 1000), 0)
    end
    return call(left)
  end
  return wait.resuming(with_rest, with_rest)
end

return wait
