-- SPDX-License-Identifier: MIT
-- Helpers of the tests: ports, time and other processes.
local assert = require("luassert")
local lfs = require("lfs")
local system = require("portend_spec")

local tools = { system = system }

--- A name that does not exist. No name server is asked for it, because a label is empty.
tools.NO_NAME = "no..such.host"
tools.LONG = 60
--- Whether the socket table is not used.
tools.BY_CONNECTING = os.getenv("PORTEND_PROBE") == "connect"
tools.SOURCES = os.getenv("PORTEND_SOURCES")
tools.LUA = os.getenv("PORTEND_LUA")
tools.KIT = os.getenv("PORTEND_KIT")

-- The kit (tests/kit/README.md): sockets of another process.
local fifo = os.tmpname()
os.remove(fifo)
os.execute("mkfifo " .. fifo)
local orders = assert(io.popen("exec >" .. fifo .. "; echo $$; exec " .. tools.KIT, "w"))
local answers = assert(io.open(fifo))
os.remove(fifo)
tools.kit_pid = tonumber(answers:read("*l"))

--- Sends a command to the kit, and returns the values of its answer.
function tools.tell(...)
  orders:write(table.concat({ ... }, " "), "\n")
  orders:flush()
  local answer = assert(answers:read("*l"))
  assert.matches("^ok", answer)
  return answer:match("^ok (%S+) ?(%S*)$")
end

-- Objects to end after each test, also if it fails.
local open = {}

local Port = {}
Port.__index = Port

function Port:listen()
  tools.tell("listen", self.socket)
  return self
end

function Port:close()
  tools.tell("close", self.socket)
end

--- Listens after a time, while the test continues.
function Port:listen_after(seconds)
  tools.tell("after", seconds * 1000, "listen", self.socket)
end

function Port:close_after(seconds)
  tools.tell("after", seconds * 1000, "close", self.socket)
end

--- Returns a port that is kept and does not listen: on all addresses, or as the words of the kit say.
function tools.held(host, ...)
  local socket, number
  if host then
    socket, number = tools.tell("hold", host, ...)
  else
    socket, number = tools.tell("hold", "::", 0, "dual", "kept")
  end
  local made = setmetatable({ socket = socket, number = tonumber(number) }, Port)
  table.insert(open, made)
  return made
end

--- Returns a port that listens.
function tools.server(host)
  return (host and tools.held(host, 0) or tools.held()):listen()
end

function tools.can_bind(host, number, kind)
  local ok, socket = pcall(tools.tell, "hold", host, number, "dual", kind)
  if ok then
    tools.tell("close", socket)
  end
  return ok
end

function tools.clean_up()
  system.alarm()
  for _, each in ipairs(open) do
    tools.tell("release", each.socket)
  end
  open = {}
end

--- Prints why a test is skipped: return pending(tools.skip(reason)).
function tools.skip(reason)
  print("\nskipped: " .. reason)
  return reason
end

--- Returns how many seconds a function takes.
function tools.seconds_of(work)
  local began = system.now()
  work()
  return system.now() - began
end

--- Fails unless the values are nil, a message that matches a pattern, and a code.
function tools.fails(code, pattern, ...)
  local ok, message, got = ...
  assert.is_nil(ok)
  assert.matches(pattern, message)
  assert.equal(code, got)
  assert.equal(3, select("#", ...))
end

local function entries(folder)
  local count = 0
  for _ in lfs.dir(folder) do
    count = count + 1
  end
  return count
end

function tools.fds()
  return entries("/proc/self/fd")
end

function tools.threads()
  return entries("/proc/self/task")
end

function tools.wait_until(condition)
  local began = system.now()
  while not condition() do
    assert(system.now() - began < 20, "the condition was never true")
    system.sleep(0.005)
  end
end

function tools.read(path)
  local file = assert(io.open(path))
  local text = file:read("*a")
  file:close()
  return text
end

function tools.quoted(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

--- Returns a shell command that runs code in an interpreter like this one.
function tools.command(code, path, cpath)
  path = path or tools.SOURCES .. "/?.lua"
  cpath = cpath or os.getenv("PORTEND_MODULES") .. "/?.so"
  local form = "LUA_PATH=%s LUA_CPATH=%s exec %s -e %s"
  return form:format(tools.quoted(path .. ";;"), tools.quoted(cpath .. ";;"), tools.LUA, tools.quoted(code))
end

--- Returns all output of a command, and "status N" at the end.
function tools.said(command)
  local pipe = assert(io.popen("(" .. command .. ") 2>&1; echo status $?"))
  local text = pipe:read("*a")
  pipe:close()
  return text
end

--- Returns all output of a command, which must succeed.
function tools.succeeds(command)
  local text = tools.said(command)
  assert.matches("status 0\n$", text)
  return (text:gsub("status 0\n$", ""))
end

--- Starts an interpreter on some code. Returns its process, and its output as a file.
function tools.start(code)
  local pipe = assert(io.popen("echo $$; exec 2>&1; " .. tools.command(code)))
  return tonumber(pipe:read("*l")), pipe
end

tools.SILENT_HOST = "10.66.0.9"

--- Returns a command that runs code in a network where SILENT_HOST never answers; nil and the reason if there
--- is none.
function tools.command_without_answers(code)
  local network = tools.KIT .. " network silent "
  local said = tools.said(network .. "true")
  if said ~= "status 0\n" then
    return nil, said:match("skipped: ([^\n]*)") or said
  end
  return network .. "sh -c " .. tools.quoted(tools.command(code))
end

return tools
