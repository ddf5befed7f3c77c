-- SPDX-License-Identifier: MIT
-- Calls of C that wait, and that let Lua handle signals: see interruption.i.
local native = require("portend.native")

local wait = {}

--- The mode of a wait, by its word.
wait.MODES = { all = native.ALL, any = native.ANY }

--- Makes a call, and resumes it as long as a hook interrupts it and returns.
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

--- Returns a function that returns the remaining milliseconds of a limit. A limit that is not positive is
--- constant.
function wait.left_of(limit)
  local deadline = native.monotonic() + limit / 1000
  return function()
    if limit <= 0 then
      return limit
    end
    return math.max(math.ceil((deadline - native.monotonic()) * 1000), 0)
  end
end

--- Does the same as resuming, for a call that is continued by calling it again.
-- @tparam number limit in milliseconds
-- @tparam function call takes the remaining milliseconds; returns a status
function wait.again(limit, call)
  local left = wait.left_of(limit)
  local function with_rest()
    return call(left())
  end
  return wait.resuming(with_rest, with_rest)
end

return wait
