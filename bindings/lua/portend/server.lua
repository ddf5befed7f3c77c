-- SPDX-License-Identifier: MIT
-- Runs a program that serves a port for as long as a function runs.
local native = require("portend.native")
local arguments = require("portend.arguments")
local status = require("portend.status")
local wait = require("portend.wait")

local server = {}

local CALLER = "with_server"
local USUAL_TIMEOUT = 60
local USUAL_GRACE = 10

local function text(method)
  return function(handle, value, name)
    return handle[method](handle, arguments.text(value, name, CALLER))
  end
end

-- Each function sets one option, and returns a status.
local OPTIONS = {
  cwd = text("set_directory"),
  name = text("set_name"),
  output = text("set_output"),
  port = function(handle, value)
    return handle:set_port(arguments.whole(value, "port", CALLER))
  end,
  any_port = function(handle, value)
    return handle:set_any_port(arguments.flag(value))
  end,
  any_owner = function(handle, value)
    return handle:set_any_owner(arguments.flag(value))
  end,
  reserved = function(handle, value)
    return handle:set_reserved(arguments.flag(value))
  end,
  env = function(handle, value)
    for variable, content in pairs(arguments.table(value, "env", CALLER)) do
      local given = content and arguments.text(content, "env", CALLER) or nil
      local code = handle:set_environment(arguments.text(variable, "env", CALLER), given)
      if code ~= native.OK then
        return code
      end
    end
    return native.OK
  end,
}

local KNOWN = { timeout = true, grace = true }
for name in pairs(OPTIONS) do
  KNOWN[name] = true
end

-- Returns a server with its command and options, and the status of setting them.
local function made(command)
  arguments.options(arguments.table(command, 1, CALLER), KNOWN, CALLER)
  if command[1] == nil then
    arguments.refuse(1, CALLER, "the command is missing")
  end
  local handle = native.Server()
  for _, word in ipairs(command) do
    local code = handle:add_word(arguments.text(word, 1, CALLER))
    if code ~= native.OK then
      return handle, code
    end
  end
  for name, set in pairs(OPTIONS) do
    if command[name] ~= nil then
      local code = set(handle, command[name], name)
      if code ~= native.OK then
        return handle, code
      end
    end
  end
  return handle, native.OK
end

-- Returns the argument of the function.
local function view(handle)
  return {
    port = handle:port(),
    pid = handle:pid(),
    alive = function()
      return handle:alive() == 1
    end,
    output = function()
      return handle:output()
    end,
  }
end

local function start(handle, timeout)
  local code = handle:launch()
  if code ~= native.OK then
    return code
  end
  return wait.again(timeout, function(left)
    return handle:wait_ready(left)
  end)
end

local unpack = rawget(table, "unpack") or rawget(_G, "unpack")

function server.with_server(command, body)
  local handle, code = made(command)
  if code ~= native.OK then
    return status.result(code, handle)
  end
  local timeout = arguments.milliseconds(command.timeout or USUAL_TIMEOUT, "timeout", CALLER)
  local grace = arguments.milliseconds(command.grace or USUAL_GRACE, "grace", CALLER)
  local started, ready = pcall(start, handle, timeout)
  if started and ready ~= native.OK then
    local message = status.message(ready, handle)
    handle:stop(grace)
    return nil, message, ready
  end
  local results = started and { pcall(body, view(handle)) } or { false, ready }
  local stopped = handle:stop(grace)
  if not results[1] then
    error(results[2], 0)
  elseif stopped ~= native.OK then
    return status.result(stopped, handle)
  end
  return unpack(results, 2)
end

return server
