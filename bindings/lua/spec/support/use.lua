-- SPDX-License-Identifier: MIT
-- A program of a user, for an installed module.
local assert = require("luassert")
local tools = require("spec.support.tools")
local quoted = tools.quoted

local USE = [[
local portend = require("portend")
print((debug.getinfo(portend.occupied, "S").source:gsub("/portend/simple.lua", "")))
local server = portend.reserve("127.0.0.1")
server:listen()
assert(portend.occupied("127.0.0.1", server.port, 5))
server:close()
print(portend.occupied("127.0.0.1", portend.find_port(), 0))
]]

--- Runs a program that finds the module only in these folders.
return function(sources, modules, libraries)
  local form = "cd / && env LUA_PATH=%s LUA_CPATH=%s LD_LIBRARY_PATH=%s %s -e %s"
  local path, cpath = quoted(sources .. "/?.lua"), quoted(modules .. "/?.so")
  local said = tools.succeeds(form:format(path, cpath, quoted(libraries or ""), tools.LUA, quoted(USE)))
  local place, message = said:match("^@([^\n]*)\n(.*)$")
  assert.equal(sources, place)
  assert.matches("not bound on 127.0.0.1. %(refused by", message)
end
