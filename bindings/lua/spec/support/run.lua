-- SPDX-License-Identifier: MIT
-- busted, on the interpreter that runs this, with the modules of the build tree.
package.path = os.getenv("PORTEND_SOURCES") .. "/?.lua;" .. package.path
package.cpath = os.getenv("PORTEND_MODULES") .. "/?.so;" .. package.cpath
require("busted.runner")({ standalone = false })
