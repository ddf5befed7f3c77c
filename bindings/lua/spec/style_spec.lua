-- SPDX-License-Identifier: MIT
-- Runs the linters of Debian.
local portend = require("portend")
local tools = require("spec.support.tools")

local function tool(variable)
  local path = os.getenv(variable)
  return path and not path:find("NOTFOUND") and path
end

describe("The sources", function()
  it("pass luacheck", function()
    local luacheck = tool("LUACHECK")
    if not luacheck then
      return pending(tools.skip("luacheck (lua-check) is not installed"))
    end
    tools.succeeds(("cd %s && %s --no-cache --quiet ."):format(tools.quoted(tools.SOURCES), luacheck))
  end)

  it("P62 have comments that ldoc accepts and shows without raw markup", function()
    local ldoc = tool("LDOC")
    if not ldoc then
      return pending(tools.skip("ldoc (lua-ldoc) is not installed"))
    end
    local folder = os.tmpname()
    os.remove(folder)
    local form = "cd %s && env -u LUA_PATH -u LUA_CPATH %s --quiet --fatalwarnings -c config.ld --dir %s ."
    local said = tools.succeeds(form:format(tools.quoted(tools.SOURCES), ldoc, folder))
    local page = tools.read(folder .. "/index.html") .. tools.read(folder .. "/modules/portend.html")
    local shown = tools.succeeds("cat " .. folder .. "/*/*.html"):gsub("<pre.->.-</pre>", ""):gsub("<.->", "")
    tools.succeeds("rm -r " .. folder)
    assert.equal("reading configuration from config.ld\n", said)
    for name in pairs(portend) do
      assert.is_truthy(page:find('<a name = "' .. name .. '">', 1, true), name .. " is not documented")
    end
    for _, private in ipairs({ "@%l", "`", "\\%l", "[.:]_%l", "native", "swig" }) do
      assert.is_nil(shown:match(private .. "[^\n]*"))
    end
  end)
end)
