-- SPDX-License-Identifier: MIT
-- Who listens on this machine.
local native = require("portend.native")
local arguments = require("portend.arguments")
local status = require("portend.status")

local function told(text)
  return text ~= "" and text or nil
end

local function listener(snapshot, index)
  local pid = snapshot:pid(index)
  return {
    address = snapshot:address(index),
    port = snapshot:port(index),
    pid = pid ~= 0 and pid or nil,
    process = told(snapshot:process(index)),
    user = told(snapshot:user(index)),
    dual_stack = snapshot:dual_stack(index) == 1,
  }
end

local function listeners(port)
  local number = port and arguments.whole(port, 1, "listeners") or 0
  if port and number == 0 then
    return nil, "Port 0 is outside 1 to 65535.", native.ERR_INVALID
  end
  local snapshot = native.Listeners()
  local code = snapshot:create(number)
  if code ~= native.OK then
    return status.result(code)
  end
  local found = {}
  for index = 1, snapshot:count() do
    found[index] = listener(snapshot, index - 1)
  end
  native.close(snapshot)
  return found
end

return listeners
