# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require_relative "support"

# Installs the package as a Debian package does, and uses it there.
class InstallTest < Minitest::Test
  include Support

  INSTALLED = ENV.fetch("PORTEND_INSTALLED")
  TREES = { "/usr" => ["#{INSTALLED}/usr", "vendordir", "vendorarchdir"],
            "/usr/local" => ["#{INSTALLED}/local", "sitedir", "sitearchdir"] }.freeze

  def test_it_is_installed_where_ruby_looks
    looked_at, = Open3.capture2(RbConfig.ruby, "--disable-gems", "-e", "puts $:", chdir: "/")
    TREES.each do |prefix, (tree, *places)|
      folders = places.map { |place| RbConfig::CONFIG.fetch(place) }
      folders.each { |folder| assert_includes looked_at.lines(chomp: true), folder, prefix }
      loaded = use(tree, folders, libraries(tree))
      assert_includes loaded, "#{tree}#{folders[0]}/portend.rb"
      assert_includes loaded, "#{tree}#{folders[1]}/portend/native.so"
    end
  end

  def test_it_finds_the_library_by_the_system_alone
    TREES.each_value do |tree, _, place|
      said, = Open3.capture2("readelf", "-d", "#{tree}#{RbConfig::CONFIG.fetch(place)}/portend/native.so")
      assert_includes said, "libportend.so.1"
      refute_match(/RUNPATH|RPATH/, said)
    end
  end

  def test_it_exports_nothing_but_what_ruby_calls
    native = "#{ENV.fetch('PORTEND_TREE')}/lib/portend/native.so"
    said, = Open3.capture2("nm", "-D", "--defined-only", native)
    assert_includes said, "Init_native"
    assert_empty said.lines.grep(/ [TDB] /).grep_v(/Init_native/)
  end

  private

  def libraries(tree)
    File.dirname(Dir["#{tree}/**/libportend.so.1"].fetch(0))
  end

  # Runs a program that finds the package in these folders of a tree.
  def use(tree, folders, library_path)
    includes = folders.map { |folder| "-I#{tree}#{folder}" }
    said, status = Open3.capture2e({ "LD_LIBRARY_PATH" => library_path, "RUBYLIB" => nil },
                                   RbConfig.ruby, *includes, "-e", USE, chdir: "/")
    assert_predicate status, :success?, said
    assert_includes said, "not free on 127.0.0.1. ("
    said.lines(chomp: true)
  end
end
