# frozen_string_literal: true

# SPDX-License-Identifier: MIT

# Built in the build tree, where native_wrap.cxx is: cmake --build build/release --target portend_gem
Gem::Specification.new do |spec|
  spec.name = "portend"
  spec.version = "1.0.0"
  spec.summary = "When a TCP port is up, when it is gone, and which one you may have"
  spec.description = "Waits until TCP ports are occupied or free, finds ports that can be bound, and keeps " \
                     "them. The work is done by the library portend, which must be installed."
  spec.author = "The portend authors"
  spec.homepage = "https://github.com/portend/portend"
  spec.license = "MIT"
  spec.required_ruby_version = ">= 3.1"
  spec.requirements = ["the library portend, as pkg-config finds it", "a C++17 compiler"]
  spec.files = Dir["lib/**/*.rb", "sig/*.rbs", "ext/portend/*.{rb,hpp,cxx}", "README.md", "LICENSE"]
  spec.extensions = ["ext/portend/extconf.rb"]
  spec.metadata = { "rubygems_mfa_required" => "true" }
end
