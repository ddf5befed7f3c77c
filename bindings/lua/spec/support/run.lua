-- SPDX-License-Identifier: MIT
-- Runs busted on the interpreter that runs this file, with the modules of the build tree.
package.path = os.getenv("PORTEND_SOURCES") .. "/?.lua;" .. package.path
package.cpath = os.getenv("PORTEND_MODULES") .. "/?.so;" .. package.cpath
require("busted.runner")({ standalone = false })
