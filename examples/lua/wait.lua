-- SPDX-License-Identifier: MIT
-- Waits for two services: wait.lua DATABASE CACHE, each as HOST:PORT or a URL.
local portend = require("portend")

if #arg ~= 2 then
  io.stderr:write("usage: wait.lua DATABASE CACHE\n")
  os.exit(2)
end

local ready, message = portend.wait_all({ arg[1], arg[2], timeout = 30 })
if not ready then
  io.stderr:write(message, "\n")
  os.exit(1)
end
print("ready")
