-- SPDX-License-Identifier: MIT
-- Many targets with the same wanted state; see Waiter for others.
local native = require("portend.native")
local arguments = require("portend.arguments")
local status = require("portend.status")
local target = require("portend.target")
local Waiter = require("portend.waiter")

local many = {}

local STATES = {
  occupied = native.STATE_OCCUPIED,
  free = native.STATE_FREE,
  bindable = native.STATE_BINDABLE,
  drained = native.STATE_DRAINED,
}

local function known(extra)
  return setmetatable(extra, {
    __index = function(_, name)
      return Waiter._knows(name)
    end,
  })
end

local OF_WAITER = known({})
local OF_WATCH = known({ timeout = true })
local OF_WAIT = known({ timeout = true, state = true })

-- Converts "db:5432", { "db", 5432 } or { host = "db", port = 5432 } to host and port, or to nil, a message
-- and a code.
local function endpoint(value, caller)
  if type(value) == "string" then
    return target.parse_target(value)
  elseif type(value) ~= "table" then
    arguments.refuse(1, caller, ("target expected, got %s"):format(type(value)))
  end
  return value[1] or value.host, value[2] or value.port
end

-- Refuses gaps: a list ends at its last number, and Lua would ignore what is after a gap.
local function length(list, caller)
  local last, count = 0, 0
  for key in pairs(list) do
    if type(key) == "number" then
      last, count = math.max(last, key), count + 1
    end
  end
  if last == count then
    return count
  end
  for index = 1, last do
    if list[index] == nil then
      arguments.refuse(1, caller, ("target %d is nil"):format(index))
    end
  end
  return count
end

local function waiter_for(options, wanted, caller)
  local count = length(options, caller)
  local waiter, message, code = Waiter._new(options, caller)
  if not waiter then
    return nil, message, code
  end
  for index = 1, count do
    local host, port, failed = endpoint(options[index], caller)
    local added = host
    if failed then
      message, code = port, failed
    else
      added, message, code = Waiter._add(waiter, host, port, wanted, caller)
    end
    if not added then
      waiter:close()
      return nil, message, code
    end
  end
  return waiter
end

local function wait_for(targets, method)
  local options = arguments.options(arguments.table(targets, 1, method), OF_WAIT, method)
  local wanted = arguments.word(options.state or "occupied", STATES, "state", method)
  arguments.milliseconds(options.timeout, "timeout", method)
  local waiter, message, code = waiter_for(options, wanted, method)
  if not waiter then
    return nil, nil, message, code
  end
  return waiter, waiter[method](waiter, options.timeout)
end

function many.waiter(options)
  return Waiter._new(arguments.options(options, OF_WAITER, "waiter"), "waiter")
end

function many.wait_all(targets)
  local waiter, ok, message, code, number = wait_for(targets, "wait_all")
  if waiter then
    waiter:close()
  end
  if ok then
    return true
  end
  return status.failure(message, code, number)
end

function many.wait_any(targets)
  local waiter, reached, message, code, number = wait_for(targets, "wait_any")
  local found = {}
  for index, each in ipairs(reached or {}) do
    found[index] = target.snapshot(each)
  end
  if waiter then
    waiter:close()
  end
  if reached then
    return found
  end
  return status.failure(message, code, number)
end

function many.watch(targets)
  local options = arguments.options(arguments.table(targets, 1, "watch"), OF_WATCH, "watch")
  arguments.milliseconds(options.timeout, "timeout", "watch")
  local waiter, message = waiter_for(options, nil, "watch")
  if not waiter then
    error(message, 2)
  end
  -- The fourth value is closed by Lua 5.4 at the end of a loop, also if the loop is left early.
  return waiter:events(options.timeout), nil, nil, waiter
end

return many
