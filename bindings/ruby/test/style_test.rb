# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require_relative "support"
require_relative "tools"

# Runs the linters of Debian.
class StyleTest < Minitest::Test
  include Support
  include Tools

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
                     "--hide-api", "private", "lib/**/*.rb", chdir: FOLDER)
    assert_includes said, "100.00% documented", said
  end
end
