-- SPDX-License-Identifier: MIT
-- Probes targets with all functions of the Lua binding.
local portend = require("portend")

for _, target in ipairs(arg) do
  local host, port = target:match("^(.*):(%d+)$")
  for _ = 1, 3 do
    assert(portend.occupied(host, port, 10))
    assert(not portend.assert_free(host, port, 10))
  end
  local _, _, code = portend.free(host, port, 0.2)
  assert(code == portend.ERR_TIMEOUT)
  assert(portend.wait_all({ target, timeout = 10 }))
  local states = {}
  for event in portend.watch({ target, timeout = 0.2 }) do
    states[#states + 1] = event.state
  end
  assert(#states == 1 and states[1] == "occupied", table.concat(states, " "))
end
