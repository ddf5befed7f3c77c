-- SPDX-License-Identifier: MIT
-- The sockets of this machine, and why a port is in use.
local native = require("portend.native")
local arguments = require("portend.arguments")
local status = require("portend.status")

local sockets = {}

local KINDS = {
  listening = native.SOCKETS_LISTENING,
  bound = native.SOCKETS_BOUND,
  connected = native.SOCKETS_CONNECTED,
  time_wait = native.SOCKETS_TIME_WAIT,
  udp = native.SOCKETS_UDP,
}
local TCP = native.SOCKETS_LISTENING + native.SOCKETS_BOUND + native.SOCKETS_CONNECTED + native.SOCKETS_TIME_WAIT
local FIELDS = { first = true, last = true, kinds = true }

local WORDS = {}
for word, number in pairs(KINDS) do
  WORDS[number] = word
end

local function told(value)
  return value ~= "" and value ~= 0 and value or nil
end

local function socket(snapshot, index)
  local kind = WORDS[snapshot:kind(index)]
  return {
    kind = kind,
    address = snapshot:address(index),
    port = snapshot:port(index),
    dual_stack = snapshot:dual_stack(index) == 1,
    peer_address = told(snapshot:peer_address(index)),
    peer_port = told(snapshot:peer_port(index)),
    pid = told(snapshot:pid(index)),
    parent_pid = told(snapshot:parent_pid(index)),
    process = told(snapshot:process(index)),
    command_line = told(snapshot:command_line(index)),
    user = told(snapshot:user(index)),
    remaining = kind == "time_wait" and snapshot:remaining_ms(index) / 1000 or nil,
  }
end

-- Calls `take` with a snapshot, and releases the snapshot.
local function of_snapshot(first, last, kinds, take)
  local snapshot = native.Sockets()
  local code = snapshot:create(first, last, kinds)
  if code ~= native.OK then
    return status.result(code)
  end
  local result = take(snapshot)
  native.close(snapshot)
  return result
end

local function all(snapshot)
  local found = {}
  for index = 1, snapshot:count() do
    found[index] = socket(snapshot, index - 1)
  end
  return found
end

-- Returns the sum of some kinds, each counted once.
local function kinds_of(words, caller)
  local sum, seen = 0, {}
  for _, word in ipairs(arguments.table(words, "kinds", caller)) do
    local number = arguments.word(word, KINDS, "kinds", caller)
    if not seen[number] then
      sum, seen[number] = sum + number, true
    end
  end
  return sum
end

function sockets.listeners(port)
  local first = port and arguments.whole(port, 1, "listeners") or 1
  return of_snapshot(first, port and first or 65535, native.SOCKETS_LISTENING, all)
end

function sockets.sockets(options)
  local given = arguments.options(options, FIELDS, "sockets")
  local first = given.first == nil and 1 or arguments.whole(given.first, "first", "sockets")
  local last = given.last == nil and 65535 or arguments.whole(given.last, "last", "sockets")
  local kinds = given.kinds == nil and native.SOCKETS_LISTENING or kinds_of(given.kinds, "sockets")
  return of_snapshot(first, last, kinds, all)
end

function sockets.explain_usage(port)
  local number = arguments.whole(port, 1, "explain_usage")
  return of_snapshot(number, number, TCP, function(snapshot)
    return snapshot:explain(number)
  end)
end

return sockets
