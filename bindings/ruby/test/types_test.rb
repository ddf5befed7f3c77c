# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require_relative "support"
require_relative "tools"

# The signatures of sig/portend.rbs must match the methods.
class TypesTest < Minitest::Test
  include Support
  include Tools

  def test_the_signatures_are_valid
    rbs = tool("rbs3.1", "rbs")
    said, fine = run_tool(rbs, "-r", "socket", "-I", "#{FOLDER}/sig", "validate", "--silent")
    assert fine, said
  end

  # Runs each other test file again; a call that does not match its signature fails the test.
  def test_programs_fit_the_signatures
    tool("rbs3.1", "rbs")
    env = { "RBS_TEST_TARGET" => "Portend,Portend::*", "RBS_TEST_OPT" => "-r socket -I #{FOLDER}/sig",
            "RBS_TEST_LOGLEVEL" => "error" }
    %w[looking reservation ports].each do |file|
      command = [RbConfig.ruby, *$LOAD_PATH.map { |path| "-I#{path}" }, "-rrbs/test/setup", "-rportend"]
      said, fine = run_tool(env, *command, "#{__dir__}/#{file}_test.rb")
      assert fine, said
    end
  end

  def test_the_signatures_have_every_public_method
    described = signatures
    modules.each do |mod|
      methods = methods_of(mod) | methods_of(mod.singleton_class)
      assert_equal methods.sort, described.fetch(mod.name), mod.name
    end
  end

  private

  def modules
    [Portend, *Portend.constants.map { |name| Portend.const_get(name) }.grep(Module)]
  end

  def methods_of(mod)
    mod.public_instance_methods(false) | (mod.private_instance_methods(false) & [:initialize])
  end

  # Returns the names in sig/portend.rbs, by class.
  def signatures
    names = Hash.new { |all, mod| all[mod] = [] }
    mod = nil
    File.foreach("#{FOLDER}/sig/portend.rbs") do |line|
      case line
      when /\Amodule (\w+)/ then mod = Regexp.last_match(1)
      when /\A {2}class (\w+)/ then names[mod = "Portend::#{Regexp.last_match(1)}"]
      when /\A {4}module (\w+)/ then mod = "#{mod}::#{Regexp.last_match(1)}"
      when /\A {4}end/ then mod = mod.rpartition("::").first
      when /\A\s+(?:def (?:self\.)?|attr_reader )([\w?]+):/ then names[mod] << Regexp.last_match(1).to_sym
      end
    end
    names.transform_values(&:sort)
  end
end
