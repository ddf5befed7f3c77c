# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require "mkmf"

wrapper = File.join(__dir__, "native_wrap.cxx")
abort "portend: native_wrap.cxx is missing: the gem is built in the build tree." unless File.exist?(wrapper)
abort "portend: the library is missing: pkg-config finds no portend.pc." unless pkg_config("portend")

# A library outside of where the system looks is found by the extension alone.
folder = `pkg-config --variable=libdir portend`.strip
$LDFLAGS << " -Wl,-rpath,#{folder}" unless folder.start_with?("/usr/lib") || folder == "/usr/local/lib"
$CXXFLAGS << " -std=c++17 -fvisibility=hidden -Wno-deprecated-declarations"

create_makefile("portend/native")
