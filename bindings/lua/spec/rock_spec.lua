-- SPDX-License-Identifier: MIT
-- Installs the rock that CMake makes by luarocks into a temporary tree, without a network and without SWIG.
local tools = require("spec.support.tools")
local use = require("spec.support.use")

local succeeds = tools.succeeds
local PLACE, LUAROCKS = os.getenv("PORTEND_PLACE"), os.getenv("LUAROCKS")
local VERSION = PLACE:match("%d.%d")
local LOCAL = os.getenv("PORTEND_INSTALLED") .. "/local/usr/local"
local ROCK = os.getenv("PORTEND_PACKAGES") .. "/portend-1.0.0-1.src.rock"

describe("A rock", function()
  local folder

  before_each(function()
    folder = os.tmpname()
    os.remove(folder)
    succeeds("mkdir " .. folder)
  end)

  after_each(function()
    succeeds("rm -r " .. folder)
  end)

  -- Runs a command with its own home, and the compilers of the tests. The second function runs luarocks like
  -- that.
  local function alone(environment, command)
    local form = 'cd %s && env HOME=%s PATH=%s:"$PATH" LD_LIBRARY_PATH= %s %s'
    return form:format(folder, folder, os.getenv("PORTEND_COMPILERS"), environment, command)
  end
  local function luarocks(environment, words)
    local form = "%s --lua-version %s --tree %s/tree %s"
    return alone(environment, form:format(LUAROCKS, VERSION, folder, words))
  end

  local function installs(environment)
    succeeds(luarocks(environment, ("install %s CFLAGS='-O0 -fPIC'"):format(ROCK)))
    use(folder .. "/tree/share/" .. PLACE, folder .. "/tree/lib/" .. PLACE)
    return succeeds(("readelf -d %s/tree/lib/%s/portend/native.so"):format(folder, PLACE))
  end

  local function with_luarocks(work)
    return function()
      if LUAROCKS:find("NOTFOUND") then
        return pending(tools.skip("luarocks is not installed"))
      end
      work()
    end
  end

  it("carries the library", with_luarocks(function()
    assert.is_nil(installs(""):find("libportend", 1, true))
    local exported = succeeds(("nm -D --defined-only %s/tree/lib/%s/portend/native.so"):format(folder, PLACE))
    assert.matches("^%x+ T luaopen_portend_native\n$", exported)
    assert.matches("portend\t1.0.0%-1\tinstalled", succeeds(luarocks("", "list --porcelain")))
  end))

  it("uses an installed library on request", with_luarocks(function()
    local dynamic = installs("PORTEND_DIR=" .. LOCAL)
    assert.is_truthy(dynamic:find("[libportend.so.1]", 1, true))
    assert.is_truthy(dynamic:find(LOCAL, 1, true))
  end))

  it("says what is missing on such a request", with_luarocks(function()
    local said = tools.said(luarocks("PORTEND_DIR=/nonexistent", "install " .. ROCK))
    assert.matches("portend: no libportend.so below /nonexistent/lib: give PORTEND_LIBDIR also", said, 1, true)
    assert.matches("status 1\n$", said)
  end))

  it("is not made of the sources as they are", with_luarocks(function()
    succeeds(("cp -r %s %s/lua"):format(tools.SOURCES, folder))
    local said = tools.said(alone("", ("make -C lua native.so LUA_INCDIR=/usr/include/lua%s"):format(VERSION)))
    assert.matches("is missing: luarocks installs what cmake --build makes (target portend_rock)", said, 1, true)
  end))

  -- Both are built in the same folder, without the library, which is large.
  it("is built anew for another version of Lua", with_luarocks(function()
    local other = VERSION == "5.4" and "5.1" or "5.4"
    succeeds(("cp -r %s %s/lua"):format(tools.SOURCES, folder))
    local given = "cp %s %s/lua && cd %s/lua && touch portend.cpp && echo '#include <portend/portend.h>' >portend.h"
    succeeds(given:format(os.getenv("PORTEND_WRAPPER"), folder, folder))
    local form = "--lua-version %s --tree %s/%s make CFLAGS='-O0 -fPIC -I%s' portend-1.0.0-1.rockspec"
    local include = tools.SOURCES .. "/../../include"
    for _, version in ipairs({ other, VERSION }) do
      local words = form:format(version, folder, version, include)
      local said = tools.said(alone("", ("sh -c %s"):format(tools.quoted("cd lua && " .. LUAROCKS .. " " .. words))))
      assert.matches("status 0\n$", said)
      local used = succeeds(("nm -D %s/%s/lib/lua/%s/portend/native.so"):format(folder, version, version))
      assert.equal(version == "5.4", used:find("lua_newuserdatauv", 1, true) ~= nil)
    end
  end))

  it("has a description that luarocks takes", with_luarocks(function()
    succeeds(("cd %s && %s lint portend-*.rockspec"):format(tools.SOURCES, LUAROCKS))
  end))
end)
