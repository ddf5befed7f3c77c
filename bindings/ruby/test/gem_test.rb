# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require "fileutils"
require "tmpdir"
require_relative "support"

# Installs the gem that CMake makes by RubyGems into a temporary home, and uses it there: without SWIG, and
# without pkg-config unless the installed library is requested.
class GemTest < Minitest::Test
  include Support

  LIBRARIES = File.dirname(Dir["#{ENV.fetch('PORTEND_INSTALLED')}/local/**/libportend.so.1"].fetch(0))
  GEM = "#{ENV.fetch('PORTEND_PACKAGES')}/portend-1.0.0.gem".freeze
  WITH_COMPILERS = { "PATH" => "#{ENV.fetch('PORTEND_COMPILERS')}:#{ENV.fetch('PATH')}" }.freeze
  INSTALL = %w[gem install --local --no-document].freeze
  SYSTEM = "--with-system-libportend"

  def setup
    @folder = Dir.mktmpdir
  end

  def teardown
    FileUtils.rm_rf(@folder)
    super
  end

  def test_it_carries_the_library
    install(WITH_COMPILERS)
    loaded = succeed(in_home, RbConfig.ruby, "-e", USE).lines(chomp: true)
    installed = "#{@folder}/home/gems/portend-1.0.0"
    assert_includes loaded, "#{installed}/lib/portend.rb"
    %w[sig/portend.rbs LICENSE].each { |name| assert_path_exists "#{installed}/#{name}" }
    native = native_of(loaded)
    refute_includes succeed({}, "readelf", "-d", native), "libportend"
    assert_match(/\A\h+ T Init_native\n\z/, succeed({}, "nm", "-D", "--defined-only", native))
  end

  def test_an_installed_library_is_used_on_request
    found = { "PKG_CONFIG_PATH" => "#{LIBRARIES}/pkgconfig" }
    install(found, "--", SYSTEM)
    native = native_of(succeed(in_home, RbConfig.ruby, "-e", USE).lines(chomp: true))
    dynamic = succeed({}, "readelf", "-d", native)
    assert_includes dynamic, "[libportend.so.1]"
    assert_includes dynamic, LIBRARIES # outside of the system's folders
  end

  def test_a_request_without_the_library_says_what_is_missing
    empty = { "PKG_CONFIG_PATH" => nil, "PKG_CONFIG_LIBDIR" => "/nonexistent" }
    said, status = Open3.capture2e(in_home.merge(empty), *INSTALL, GEM, "--", SYSTEM, chdir: @folder)
    refute_predicate status, :success?
    assert_includes said, "portend: --with-system-libportend, but pkg-config finds no portend.pc."
  end

  def test_gem_build_among_the_sources_fails_and_says_what_to_do
    FileUtils.cp_r(["#{FOLDER}/lib", "#{FOLDER}/sig", "#{FOLDER}/ext", "#{FOLDER}/portend.gemspec"], @folder)
    said, status = Open3.capture2e("gem", "build", "portend.gemspec", chdir: @folder)
    refute_predicate status, :success?
    assert_includes said, "cmake --build makes the gem in the build tree (target portend_gem)"
    assert_empty Dir["#{@folder}/*.gem"]
  end

  private

  def install(env, *options)
    quick = { "MAKEFLAGS" => "optflags=-O0" }
    succeed(in_home.merge(quick).merge(env), *INSTALL, GEM, *options)
  end

  def native_of(loaded)
    native = loaded.grep(/native\.so\z/).fetch(0)
    assert_operator native, :start_with?, "#{@folder}/home/"
    native
  end

  def in_home
    { "GEM_HOME" => "#{@folder}/home", "GEM_PATH" => "#{@folder}/home", "RUBYLIB" => nil, "RUBYOPT" => nil,
      "LD_LIBRARY_PATH" => nil }
  end

  def succeed(env, *command)
    said, status = Open3.capture2e(env, *command, chdir: @folder)
    assert_predicate status, :success?, said
    said
  end
end
