-- SPDX-License-Identifier: MIT
-- Starts a server again whenever it ends: supervise.lua COMMAND [ARGUMENT...]. The command finds its port in
-- $PORT, or in an argument "{port}". The server also ends with this program, however that ends.
local portend = require("portend")

if #arg == 0 then
  io.stderr:write("usage: supervise.lua COMMAND [ARGUMENT...]\n")
  os.exit(2)
end

local reservation = assert(portend.reserve())
local port = reservation.port
local command = { port = port }
for index, word in ipairs(arg) do
  command[index] = word
end

-- Returns true when the port is free again.
local function follow()
  for event in portend.watch({ { "127.0.0.1", port } }) do
    print(("port %d is %s"):format(port, event.state))
    io.stdout:flush()
    if event.state == "free" then
      return true
    end
  end
end

local message
repeat
  local ended
  ended, message = portend.with_server(command, follow)
until not ended
io.stderr:write(message, "\n")
os.exit(1)
