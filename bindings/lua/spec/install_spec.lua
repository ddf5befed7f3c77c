-- SPDX-License-Identifier: MIT
-- Installed as a package of Debian and as a rock, and used from there.
local tools = require("spec.support.tools")

local quoted, succeeds = tools.quoted, tools.succeeds
local INSTALLED, PLACE, LUAROCKS = os.getenv("PORTEND_INSTALLED"), os.getenv("PORTEND_PLACE"), os.getenv("LUAROCKS")
local VERSION = PLACE:match("%d.%d")
local TREES = { ["/usr"] = INSTALLED .. "/usr", ["/usr/local"] = INSTALLED .. "/local" }

local USE = [[
local portend = require("portend")
print((debug.getinfo(portend.occupied, "S").source:gsub("/portend/simple.lua", "")))
local server = portend.reserve("127.0.0.1")
server:listen()
assert(portend.occupied("127.0.0.1", server.port, 5))
server:close()
print(portend.occupied("127.0.0.1", portend.find_port(), 0))
]]

-- What a program says that finds the module in these folders, and nowhere else.
local function use(sources, modules, libraries)
  local form = "cd / && env LUA_PATH=%s LUA_CPATH=%s LD_LIBRARY_PATH=%s %s -e %s"
  local path, cpath = quoted(sources .. "/?.lua"), quoted(modules .. "/?.so")
  local said = succeeds(form:format(path, cpath, quoted(libraries or ""), tools.LUA, quoted(USE)))
  local place, sentence = said:match("^@([^\n]*)\n(.*)$")
  assert.equal(sources, place)
  assert.matches("not bound on 127.0.0.1. %(refused by", sentence)
end

local function found(form, ...)
  local path = succeeds("find " .. form:format(...)):match("^([^\n]+)\n$")
  assert.is_string(path, "there is no single " .. form:format(...))
  return path
end

local function libraries_of(prefix)
  return (found("%s -name libportend.so", TREES[prefix]):gsub("/libportend.so$", ""))
end

describe("What is installed", function()
  for prefix, tree in pairs(TREES) do
    it("below " .. prefix .. " is where Lua looks, and can be used from there", function()
      local libraries = libraries_of(prefix)
      local modules, sources = libraries .. "/" .. PLACE, tree .. prefix .. "/share/" .. PLACE
      local paths = succeeds("env -u LUA_PATH -u LUA_CPATH " .. tools.LUA .. " -e 'print(package.path, package.cpath)'")
      assert.is_truthy(paths:find(sources:sub(#tree + 1) .. "/?.lua", 1, true), sources)
      assert.is_truthy(paths:find(modules:sub(#tree + 1) .. "/?.so", 1, true), modules)
      use(sources, modules, libraries)
      local dynamic = succeeds("readelf -d " .. modules .. "/portend/native.so")
      assert.is_nil(dynamic:find("RUNPATH"))
      assert.is_truthy(dynamic:find("libportend.so", 1, true))
      assert.is_nil(dynamic:find("liblua"))
    end)
  end
end)

describe("A rock", function()
  local folder

  before_each(function()
    folder = os.tmpname()
    os.remove(folder)
    succeeds(("mkdir -p %s && cp -r %s %s/../swig %s"):format(folder, tools.SOURCES, tools.SOURCES, folder))
  end)

  after_each(function()
    succeeds("rm -r " .. folder)
  end)

  -- Without a network, and into a tree of its own.
  local function make(environment)
    local form = "cd %s/lua && env HOME=%s %s %s --lua-version %s --tree %s/tree make PORTEND_DIR=%s/usr/local"
    succeeds(form:format(folder, folder, environment, LUAROCKS, VERSION, folder, TREES["/usr/local"]))
    use(folder .. "/tree/share/" .. PLACE, folder .. "/tree/lib/" .. PLACE)
  end

  local function with_luarocks(work)
    return function()
      if LUAROCKS:find("NOTFOUND") then
        return pending(tools.skip("luarocks is not installed"))
      end
      work()
    end
  end

  it("is made from the sources, and finds the library it was made with", with_luarocks(function()
    make("")
    local listed = succeeds(("%s --lua-version %s --tree %s/tree list --porcelain"):format(LUAROCKS, VERSION, folder))
    assert.matches("portend\t1.0.0%-1\tinstalled", listed)
  end))

  it("is made anew for another version of Lua", with_luarocks(function()
    local other = VERSION == "5.4" and "5.1" or "5.4"
    local include = io.open("/usr/include/lua" .. other .. "/lua.h")
    if not include then
      return pending(tools.skip("the headers of Lua " .. other .. " are not installed"))
    end
    include:close()
    local form = "cd %s/lua && env HOME=%s %s --lua-version %s --tree %s/other make PORTEND_DIR=%s/usr/local"
    succeeds(form:format(folder, folder, LUAROCKS, other, folder, TREES["/usr/local"]))
    make("")
  end))

  it("needs no swig where the wrapper is there", with_luarocks(function()
    succeeds(("cp %s %s/lua/native_wrap.c"):format(os.getenv("PORTEND_WRAPPER"), folder))
    succeeds(("mkdir %s/bin && ln -s /bin/false %s/bin/swig"):format(folder, folder))
    make(("PATH=%s/bin:$PATH"):format(folder))
  end))

  it("has a description that luarocks takes", with_luarocks(function()
    succeeds(("cd %s/lua && %s lint portend-*.rockspec"):format(folder, LUAROCKS))
  end))
end)
