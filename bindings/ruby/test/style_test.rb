# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require_relative "support"

# Debian's own tools have nothing to say, and the signatures are those of the methods.
class StyleTest < Minitest::Test
  include Support

  def test_ruby_warns_of_nothing
    files = Dir["#{FOLDER}/{lib,ext,test,bench}/**/*.rb"] + ["#{FOLDER}/portend.gemspec"]
    assert_operator files.size, :>, 20
    files.each { |file| assert_equal ["Syntax OK\n", true], run_tool(RbConfig.ruby, "-wc", file), file }
  end

  def test_rubocop_finds_nothing
    said, fine = run_tool(tool("rubocop"), "--cache", "false", "--format", "emacs", chdir: FOLDER)
    assert fine, said
  end

  def test_everything_public_is_documented
    said, = run_tool(tool("yard"), "stats", "--list-undoc", "--no-save", "--no-cache", "--no-progress",
                     "--no-private", "lib/**/*.rb", chdir: FOLDER)
    assert_includes said, "100.00% documented", said
    refute_includes said, "[warn]"
  end

  def test_the_signatures_are_valid
    said, fine = run_tool(tool("rbs3.1", "rbs"), "-r", "socket", "-I", "#{FOLDER}/sig", "validate", "--silent")
    assert fine, said
  end

  # Each test of another file is run again, and a call that does not fit its signature fails it.
  def test_programs_fit_the_signatures
    tool("rbs3.1", "rbs")
    env = { "RBS_TEST_TARGET" => "Portend,Portend::*", "RBS_TEST_OPT" => "-r socket -I #{FOLDER}/sig",
            "RBS_TEST_LOGLEVEL" => "error" }
    %w[looking many ports reservation].each do |file|
      command = [RbConfig.ruby, *$LOAD_PATH.map { |path| "-I#{path}" }, "-rportend", "-rrbs/test/setup"]
      said, fine = run_tool(env, *command, "#{__dir__}/#{file}_test.rb")
      assert fine, said
    end
  end

  def test_the_signatures_have_every_public_method
    described = signatures
    each_module do |mod|
      assert_equal (methods_of(mod) | methods_of(mod.singleton_class)).sort, described.fetch(mod.name), mod.name
    end
  end

  private

  def each_module
    yield Portend
    Portend.constants.map { |name| Portend.const_get(name) }.grep(Module).each { |mod| yield mod }
  end

  def methods_of(mod)
    mod.public_instance_methods(false) | (mod.private_instance_methods(false) & [:initialize])
  end

  # The names in sig/portend.rbs, by class.
  def signatures
    names = Hash.new { |all, mod| all[mod] = [] }
    mod = nil
    File.foreach("#{FOLDER}/sig/portend.rbs") do |line|
      case line
      when /\Amodule (\w+)/ then mod = Regexp.last_match(1)
      when /\A {2}class (\w+)/ then names[mod = "Portend::#{Regexp.last_match(1)}"]
      when /\A\s+(?:def (?:self\.)?|attr_reader )([\w?]+):/ then names[mod] << Regexp.last_match(1).to_sym
      end
    end
    names.transform_values(&:sort)
  end

  def tool(*names)
    folders = ENV.fetch("PATH").split(":")
    names.find { |name| folders.any? { |folder| File.executable?("#{folder}/#{name}") } } ||
      skip("#{names.first} is not installed")
  end

  def run_tool(*command, **options)
    said, status = Open3.capture2e(*command, **options)
    [said, status.success?]
  end
end
