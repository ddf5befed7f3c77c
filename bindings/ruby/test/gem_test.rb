# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require "fileutils"
require "tmpdir"
require_relative "support"

# Built as a gem, installed by RubyGems into a home of its own, and used from there.
class GemTest < Minitest::Test
  include Support

  LIBRARIES = File.dirname(Dir["#{ENV.fetch('PORTEND_INSTALLED')}/local/**/libportend.so.1"].fetch(0))
  FOUND = { "PKG_CONFIG_PATH" => "#{LIBRARIES}/pkgconfig" }.freeze

  def setup
    @folder = Dir.mktmpdir
  end

  def teardown
    FileUtils.rm_rf(@folder)
    super
  end

  def test_a_gem_is_built_installed_and_used
    gem = build
    succeed(in_home.merge(FOUND).merge(without_swig), "gem", "install", "--local", "--no-document", gem)
    loaded = succeed(in_home, RbConfig.ruby, "-e", USE).lines(chomp: true)
    installed = "#{@folder}/home/gems/portend-1.0.0"
    assert_includes loaded, "#{installed}/lib/portend.rb"
    assert_path_exists "#{installed}/sig/portend.rbs"
    native = loaded.grep(/native\.so\z/).fetch(0)
    assert_operator native, :start_with?, "#{@folder}/home/"
    assert_includes succeed({}, "readelf", "-d", native), LIBRARIES
  end

  def test_a_gem_without_the_library_says_what_is_missing
    empty = { "PKG_CONFIG_PATH" => nil, "PKG_CONFIG_LIBDIR" => "/nonexistent" }
    said, status = Open3.capture2e(in_home.merge(empty), "gem", "install", "--local", "--no-document", build,
                                   chdir: @folder)
    refute_predicate status, :success?
    assert_includes said, "the library is missing: pkg-config finds no portend.pc"
  end

  private

  # From a copy of the build tree, as what is made on the way stays in it.
  def build
    %w[lib sig ext README.md LICENSE portend.gemspec].each do |part|
      FileUtils.cp_r("#{ENV.fetch('PORTEND_TREE')}/#{part}", @folder)
    end
    succeed({}, "gem", "build", "--strict", "portend.gemspec")
    "#{@folder}/portend-1.0.0.gem"
  end

  def in_home
    { "GEM_HOME" => "#{@folder}/home", "GEM_PATH" => "#{@folder}/home", "RUBYLIB" => nil, "RUBYOPT" => nil }
  end

  # A folder whose swig fails if it is called.
  def without_swig
    Dir.mkdir("#{@folder}/bin")
    File.write("#{@folder}/bin/swig", "#!/bin/sh\nexit 1\n", perm: 0o755)
    { "PATH" => "#{@folder}/bin:#{ENV.fetch('PATH')}" }
  end

  def succeed(env, *command)
    said, status = Open3.capture2e(env, *command, chdir: @folder)
    assert_predicate status, :success?, said
    said
  end
end
