# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # Converts the numbers of C to Symbols, named as in C: STATE_FREE is :free.
  # @api private
  module Words # :nodoc:
    def self.of(prefix)
      names = Native.constants.grep(/\A#{prefix}_/)
      words = names.map { |name| name.to_s.delete_prefix("#{prefix}_").downcase.to_sym }
      words.zip(names.map { |name| Native.const_get(name) }).sort_by(&:last).to_h
    end

    STATES = of("STATE").freeze
    REASONS = of("REASON").freeze
    FAMILIES = of("FAMILY").freeze
    EVIDENCE = of("EVIDENCE").freeze
    KINDS = of("SOCKETS").freeze
    MODES = { all: Native::ALL, any: Native::ANY }.freeze

    # Returns the number for a Symbol.
    def self.number(words, given)
      words.fetch(given) do
        raise ArgumentError, "#{given.inspect} is none of #{words.keys.map(&:inspect).join(', ')}"
      end
    end
  end
  private_constant :Words
end
