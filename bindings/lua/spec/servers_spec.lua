-- SPDX-License-Identifier: MIT
local portend = require("portend")
local tools = require("spec.support.tools")

local fails = tools.fails

local SERVER = { "python3", "-m", "http.server", "--bind", "127.0.0.1", "{port}" }

local STRICT = [[
import os, socket
server = socket.socket()
server.bind(("127.0.0.1", int(os.environ["PORT"])))
server.listen()
server.accept()]]

-- Waits for a port in the file, and listens on it until its input ends.
local FOREIGN = [[
import os, socket, sys, time
while not os.path.exists(sys.argv[1]): time.sleep(0.01)
server = socket.create_server(("127.0.0.1", int(open(sys.argv[1]).read())))
sys.stdin.read()]]

local function with(options)
  local command = {}
  for index, word in ipairs(options.command or SERVER) do
    command[index] = word
  end
  for name, value in pairs(options) do
    if name ~= "command" then
      command[name] = value
    end
  end
  return command
end

describe("A server", function()
  it("P55 lives as long as the function", function()
    local port = portend.with_server(with({ env = { A = "b" }, cwd = "/" }), function(server)
      assert.is_true(server.alive())
      assert.is_true(server.pid > 0)
      assert.is_true(portend.occupied("127.0.0.1", server.port, 0))
      return server.port
    end)
    assert.is_true(portend.free("127.0.0.1", port, 0))
  end)

  it("is stopped when the function fails", function()
    local port
    assert.has_error(function()
      portend.with_server(with({}), function(server)
        port = server.port
        error("wrong", 0)
      end)
    end, "wrong")
    assert.is_true(portend.free("127.0.0.1", port, 0))
  end)

  it("P56 that ends is told with its output", function()
    local command = with({ command = { "sh", "-c", "echo no database; exit 3" }, name = "db" })
    fails(portend.ERR_GONE, "db not ready .*\n  no database", portend.with_server(command, error))
  end)

  it("P56 that is not ready in time is stopped", function()
    local command = with({ command = { "sleep", "60" }, timeout = 0.2 })
    fails(portend.ERR_TIMEOUT, "sleep not ready on port ", portend.with_server(command, error))
  end)

  it("P57 that does not set SO_REUSEADDR", function()
    local command = with({ command = { "python3", "-c", STRICT } })
    fails(portend.ERR_GONE, "SO_REUSEADDR", portend.with_server(command, error))
    command.reserved = false
    assert.is_true(portend.with_server(command, function(server)
      return portend.occupied("127.0.0.1", server.port, 0)
    end))
  end)

  it("P57 whose port another process serves", function()
    local path = os.tmpname()
    os.remove(path)
    local foreign = io.popen(("python3 -c '%s' %s"):format(FOREIGN, path), "w")
    local told = { "sh", "-c", "echo $PORT > $0.new; mv $0.new $0; exec sleep 60", path }
    assert.is_true(portend.with_server(with({ command = told, any_owner = true }), function(server)
      foreign:close()
      return server.alive()
    end))
    os.remove(path)
  end)

  it("has options that are known", function()
    assert.has_error(function()
      portend.with_server(with({ color = "red" }), error)
    end, "bad field 'color' for 'with_server' (unknown field)")
  end)
end)
