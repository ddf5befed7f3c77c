-- SPDX-License-Identifier: MIT

--- Keeps a port by sockets that are bound and do not listen. The system assigns the port to no other process,
--- and no other reservation gets it. Any server that sets SO_REUSEADDR can bind the port by its number.
--
-- Made by @{portend.reserve}. There are three ways to hand the port over: start a server that sets
-- SO_REUSEADDR and binds the number; let a server listen on the descriptors; or park the port. The port is
-- kept until the reservation is closed, collected, or (Lua 5.4) goes out of scope as a `<close>` variable.
--
-- The field `port` is the number, which stays when the reservation is closed.
-- @classmod Reservation

local native = require("portend.native")
local arguments = require("portend.arguments")
local status = require("portend.status")

local Reservation = {}
Reservation.__index = Reservation

function Reservation._new(held)
  return setmetatable({ port = held:port(), _native = held }, Reservation)
end

function Reservation:__tostring()
  return ("reservation of port %d"):format(self.port)
end

--- Returns the descriptors, one for each address, or one for all. They belong to the reservation, and are
--- close-on-exec.
-- @treturn {int,...} empty after it was closed or parked
function Reservation:fds()
  local fds = {}
  for index = 1, self._native:fd_count() do
    fds[index] = self._native:fd(index - 1)
  end
  return fds
end

--- Returns copies of the descriptors. The caller closes them; they outlive the reservation and are
--- close-on-exec.
-- @treturn[1] {int,...} one for each descriptor
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
function Reservation:dup()
  local copies = {}
  for index, fd in ipairs(self:fds()) do
    local copy, message, code = native.dup(fd)
    if not copy then
      for _, made in ipairs(copies) do
        native.close_fd(made)
      end
      return nil, message, code
    end
    copies[index] = copy
  end
  return copies
end

--- Sets whether children of this process, such as those of os.execute and io.popen, inherit the descriptors.
-- @bool enabled whether they inherit them (false)
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
function Reservation:set_inheritable(enabled)
  for _, fd in ipairs(self:fds()) do
    local ok, message, code = native.set_inheritable(fd, enabled)
    if not ok then
      return nil, message, code
    end
  end
  return true
end

--- Queues connections from now on, until a process accepts them.
-- @int[opt=128] backlog the length of the queue
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
function Reservation:listen(backlog)
  return status.result(self._native:listen(arguments.whole(backlog or 128, 1, "listen")))
end

--- Lets the program that this process becomes by execve(2) (for example of luaposix) inherit the port. It
--- stays reserved until that program, and all processes that inherited it, have ended. Closing does not undo
--- it.
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
function Reservation:inherit()
  return status.result(self._native:inherit())
end

--- Closes the descriptors, and leaves the port to servers that set SO_REUSEADDR. Meanwhile the system assigns
--- it to no process.
-- @treturn[1] int how many seconds that lasts
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
function Reservation:park()
  local seconds = self._native:park()
  if seconds < 0 then
    return status.result(seconds)
  end
  return seconds
end

--- Explains how the port is kept, and what a server must set.
-- @treturn string the text
function Reservation:explain()
  return self._native:explain()
end

--- Releases the port.
function Reservation:close()
  self._native:release()
end

Reservation.__close = Reservation.close

return Reservation
