-- SPDX-License-Identifier: MIT
-- Installs the package as a Debian package does, and uses it there.
local tools = require("spec.support.tools")
local use = require("spec.support.use")

local succeeds = tools.succeeds
local INSTALLED, PLACE = os.getenv("PORTEND_INSTALLED"), os.getenv("PORTEND_PLACE")
local TREES = { ["/usr"] = INSTALLED .. "/usr", ["/usr/local"] = INSTALLED .. "/local" }

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
