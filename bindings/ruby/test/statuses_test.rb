# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require_relative "support"

class StatusesTest < Minitest::Test
  include Support

  HEADER = File.read("#{FOLDER}/../../include/portend/status.h")
  STATUSES = HEADER.scan(/ {2}PORTEND_(ERR_\w+) = (-\d+)/).to_h { |name, value| [name.to_sym, value.to_i] }

  def test_P38_the_version_is_that_of_c
    numbers = HEADER.scan(/define PORTEND_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)/).flatten
    assert_equal numbers.join("."), Portend::VERSION
    assert_equal C.text("version"), Portend::VERSION
    assert_equal Portend::VERSION, File.read("#{FOLDER}/portend.gemspec")[/spec\.version = "(.*)"/, 1]
  end

  def test_P41_every_status_of_c_is_there
    assert_equal 11, STATUSES.size
    ours = NATIVE.constants.grep(/\AERR_/).to_h { |name| [name, NATIVE.const_get(name)] }
    assert_equal STATUSES, ours
  end

  def test_P41_every_status_is_a_distinct_error
    errors = STATUSES.values.map { |status| Portend::Error.for(status, "The sentence.") }
    assert_equal STATUSES.size, errors.map(&:class).uniq.size
    assert_equal STATUSES.values, errors.map(&:status)
    errors.each do |error|
      assert_equal Portend::Error, error.class.superclass
      assert_equal "The sentence.", error.message
      assert_equal error.status, error.class.new("It failed.").status
    end
    assert_equal StandardError, Portend::Error.superclass
  end

  def test_P41_a_status_of_a_later_version_is_an_error_too
    error = Portend::Error.for(-99, "")
    assert_instance_of Portend::Error, error
    assert_equal [-99, NATIVE.strerror(-99)], [error.status, error.message]
  end

  def test_P49_what_the_system_refuses_has_its_errno
    code = <<~RUBY
      top = IO.sysopen("/dev/null")
      Process.setrlimit(:NOFILE, top + 1)
      %i[free occupied assert_free].each do |call|
        Portend.public_send(call, "127.0.0.1", #{closed}, timeout: 5)
      rescue Portend::SystemError => e
        puts e.errno
      end
    RUBY
    out, errors, = ruby(code)
    assert_equal [Errno::EMFILE::Errno] * 3, out.split.map(&:to_i), errors
  end

  def test_an_error_without_errno_has_none
    assert_nil Portend::SystemError.new("A message. (errno 24)").errno
    assert_nil assert_raises(Portend::Invalid) { Portend.parse_target("") }.errno
  end
end
