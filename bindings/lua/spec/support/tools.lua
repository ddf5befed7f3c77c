-- SPDX-License-Identifier: MIT
-- What the tests hold ports, time and other processes with.
local assert = require("luassert")
local lfs = require("lfs")
local system = require("portend_spec")

local tools = { system = system }

--- A name that does not exist, and that no name server is asked for: a label is empty.
tools.NO_NAME = "nobody..invalid"
tools.LONG = 60
tools.SOURCES = os.getenv("PORTEND_SOURCES")
tools.LUA = os.getenv("PORTEND_LUA")

-- What is to be ended after each test, whatever becomes of it.
local open = {}

local Port = {}
Port.__index = Port

function Port:listen()
  assert(system.listen(self.fd))
  return self
end

function Port:close()
  if self.fd then
    system.close(self.fd)
    self.fd = nil
  end
end

--- After a time, in another thread; the test goes on meanwhile.
function Port:listen_after(seconds)
  system.after(seconds, "listen", self.fd)
end

function Port:close_after(seconds)
  system.after(seconds, "close", self.fd)
  self.fd = nil
end

--- A port that is held and does not listen, on all addresses unless one is given.
function tools.held(host, number, kind, reuse)
  local fd, port = system.hold(host, number, kind, reuse)
  assert(fd, port)
  local made = setmetatable({ fd = fd, number = port }, Port)
  table.insert(open, made)
  return made
end

--- A port that listens.
function tools.server(host)
  return tools.held(host):listen()
end

function tools.can_bind(host, number, kind)
  local fd = system.hold(host, number, kind)
  if fd then
    system.close(fd)
  end
  return fd ~= nil
end

function tools.clean_up()
  system.alarm()
  system.settle()
  for _, each in ipairs(open) do
    each:close()
  end
  open = {}
end

--- Seconds that a function takes.
function tools.seconds_of(work)
  local began = system.now()
  work()
  return system.now() - began
end

--- Fails unless the values are nil, a sentence with a pattern in it, and a code.
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
    assert(system.now() - began < 20, "the condition never came")
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

--- What starts an interpreter like this one on some code, for a shell.
function tools.command(code, path, cpath)
  path = path or tools.SOURCES .. "/?.lua"
  cpath = cpath or os.getenv("PORTEND_MODULES") .. "/?.so"
  local form = "LUA_PATH=%s LUA_CPATH=%s exec %s -e %s"
  return form:format(tools.quoted(path .. ";;"), tools.quoted(cpath .. ";;"), tools.LUA, tools.quoted(code))
end

--- All that a command says, and "status N" at the end.
function tools.said(command)
  local pipe = assert(io.popen("(" .. command .. ") 2>&1; echo status $?"))
  local text = pipe:read("*a")
  pipe:close()
  return text
end

--- All that a command says, which has to succeed.
function tools.succeeds(command)
  local text = tools.said(command)
  assert.matches("status 0\n$", text)
  return (text:gsub("status 0\n$", ""))
end

--- Starts an interpreter on some code: its process, and what it says as a file.
function tools.start(code)
  local pipe = assert(io.popen("echo $$; exec 2>&1; " .. tools.command(code)))
  return tonumber(pipe:read("*l")), pipe
end

-- Where nobody answers: a network of its own, whose only way out leads nowhere.
tools.SILENT_HOST = "10.0.0.2"
local SILENCE = [[
ip link set lo up
ip link add silence type veth peer name nowhere
ip link set nowhere up
ip link set silence up arp off
ip address add 10.0.0.1/24 dev silence
]]

function tools.command_where_nobody_answers(code)
  return "unshare -n sh -e -c " .. tools.quoted(SILENCE .. tools.command(code))
end

return tools
