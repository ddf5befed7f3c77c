# frozen_string_literal: true

# SPDX-License-Identifier: MIT

# Compiles the library in. With --with-system-libportend, uses the one that pkg-config finds instead.
require "mkmf"

abort "portend: native_wrap.cxx is missing: the gem is built in the build tree." unless
  File.exist?(File.join(__dir__, "native_wrap.cxx"))

$CXXFLAGS << " -std=c++20 -fvisibility=hidden -Wno-deprecated-declarations"

if with_config("system-libportend")
  abort "portend: --with-system-libportend, but pkg-config finds no portend.pc." unless pkg_config("portend")
  $srcs = ["native_wrap.cxx"]
  # If the library is outside of the system's folders, only the extension finds it.
  folder = `pkg-config --variable=libdir portend`.strip
  $LDFLAGS << " -Wl,-rpath,#{folder}" unless folder.start_with?("/usr/lib") || folder == "/usr/local/lib"
else
  $srcs = ["native_wrap.cxx", "portend.cpp"]
  $defs << "-DPORTEND_AMALGAMATION" << "-DPORTEND_API="
  # A resolver thread may outlive the extension, so it stays in memory.
  $LDFLAGS << " -pthread -Wl,-z,nodelete"
  # Templates of the standard library are visible even with -fvisibility=hidden, and the loader would share
  # some of them with another copy of the library.
  File.write("exports.map", "{ global: Init_native; local: *; };\n")
  $LDFLAGS << " -Wl,--version-script=exports.map"
  $distcleanfiles << "exports.map"
end

create_makefile("portend/native")
