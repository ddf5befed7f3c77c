-- SPDX-License-Identifier: MIT
-- Measures how much longer a wait that is satisfied at once takes in Lua than in C, in processor time
-- (neither sleeps). Takes the mean of each of several rounds, and of these the minimum, which other processes
-- affect least.
--
--   LUA_PATH="$sources/?.lua;;" LUA_CPATH="$build/5.4/?.so;;" lua5.4 bench/cost.lua [most microseconds]
--
-- With a limit, it fails if the cost is higher.
local portend = require("portend")
local system = require("portend_spec")

local ROUNDS, CALLS = 60, 200
local limit = tonumber(arg[1])

local function of_lua(call, host, port)
  local began = os.clock()
  for _ = 1, CALLS do
    assert(call(host, port, 1))
  end
  return (os.clock() - began) / CALLS
end

-- Alternates between both, so that a busy moment affects both.
local function compare(name, host, port)
  local c, lua = math.huge, math.huge
  for _ = 1, ROUNDS do
    c = math.min(c, system.cost_of_c(name, host, port, CALLS))
    lua = math.min(lua, of_lua(portend[name], host, port))
  end
  local more = (lua - c) * 1e6
  print(("%-9s C %6.2f us, Lua %6.2f us, %5.2f us more"):format(name, c * 1e6, lua * 1e6, more))
  return more
end

local server = assert(portend.reserve("127.0.0.1"))
local closed_port = assert(portend.reserve("127.0.0.1"))
assert(server:listen())
print(rawget(_G, "jit") and jit.version or _VERSION) -- luacheck: std max
local worst = math.max(compare("occupied", "127.0.0.1", server.port), compare("free", "127.0.0.1", closed_port.port))
if limit and worst > limit then
  print(("more than %g us"):format(limit))
  os.exit(1)
end
