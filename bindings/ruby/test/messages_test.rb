# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require_relative "support"

# Misuses everything public, and reads the messages.
class MessagesTest < Minitest::Test
  include Support

  ODD = [Object.new, nil, 1.5, "", "\0", -1, 2**70, [], {}, :x, "x:y", ["a"], [nil]].freeze
  # A function, constant or type of C, and what SWIG says of its wrappers.
  OF_C = /portend_[a-z]|PORTEND_[A-Z]|SWIG|of type |int64|Native/
  PLACE = ["127.0.0.1", 9, :free].freeze

  def test_P61_no_message_names_a_part_of_c
    said = calls.flat_map { |call| failures_of(call) }.uniq
    assert_operator said.size, :>, 50
    assert_empty said.grep(OF_C)
  end

  def test_P61_only_a_finder_makes_reservations
    assert_raises(NoMethodError) { Portend::Reservation.new(Object.new) }
  end

  private

  def calls
    classes = Portend.constants.map { |name| Portend.const_get(name) }
    classes.select! { |one| one.is_a?(Class) && !(one < Exception) && one.respond_to?(:new) }
    objects = [Portend::Waiter.new, Portend::Finder.new, keep(Portend.reserve), Portend::Server.new("true")]
    Portend.singleton_methods(false).map { |name| Portend.method(name) } +
      classes.map { |one| one.method(:new) } +
      objects.flat_map { |one| one.class.public_instance_methods(false).map { |name| one.method(name) } }
  end

  def parameters(call)
    call.name == :new ? call.receiver.instance_method(:initialize).parameters : call.parameters
  end

  # Calls with each odd value in turn, so that no call waits.
  def failures_of(call)
    kinds = parameters(call).group_by(&:first).transform_values { |found| found.map(&:last) }
    keys = kinds.fetch(:key, [])
    usual = keys.include?(:timeout) ? { timeout: 0 } : {}
    needed = kinds.fetch(:req, []).size
    most = needed + kinds.fetch(:opt, []).size + (kinds.key?(:rest) ? 2 : 0)
    ODD.flat_map do |odd|
      (needed..most).map { |count| failure_of(call, [odd] * count, usual) } +
        keys.map { |key| failure_of(call, PLACE.first(needed), { **usual, **given(key, odd) }) }
    end
  end

  def given(key, odd)
    key == :timeout && (odd.nil? || odd.is_a?(Numeric)) ? {} : { key => odd }
  end

  def failure_of(call, given, options)
    call.call(*given, **options)
    ""
  rescue StandardError => e
    e.message
  end
end
