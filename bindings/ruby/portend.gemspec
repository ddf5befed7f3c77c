# frozen_string_literal: true

# SPDX-License-Identifier: MIT

# The generated files are in the build tree, where CMake makes the gem (target portend_gem).
generated = %w[native_wrap.cxx portend.cpp portend.h].map { |name| "ext/portend/#{name}" }
missing = generated.reject { |name| File.exist?(File.join(__dir__, name)) }
unless missing.empty?
  raise "#{missing.join(', ')} missing: cmake --build makes the gem in the build tree (target portend_gem)"
end

Gem::Specification.new do |spec|
  spec.name = "portend"
  spec.version = "1.0.0"
  spec.summary = "Waits for TCP ports to be occupied or free, and finds free local ports"
  spec.description = "Waits until TCP ports are occupied or free, finds ports that can be bound, and " \
                     "reserves them. The library portend is compiled in."
  spec.author = "The portend authors"
  spec.homepage = "https://github.com/portend/portend"
  spec.license = "MIT"
  spec.required_ruby_version = ">= 3.1"
  spec.requirements = ["a C++20 compiler"]
  spec.files = Dir["lib/**/*.rb", "sig/*.rbs", "ext/portend/*.{rb,hpp}", "README.md", "LICENSE"] + generated
  spec.extensions = ["ext/portend/extconf.rb"]
  spec.metadata = { "rubygems_mfa_required" => "true" }
end
