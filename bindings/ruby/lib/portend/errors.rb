# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # A failure, with a message for people. Each status of C has its own subclass.
  class Error < StandardError
    # Integer or nil: the status of C
    attr_reader :status

    # The errno of the system call that caused the failure, as in SystemCallError#errno.
    #
    # * returns Integer or nil: nil if no system call failed
    attr_reader :errno

    # * message (String or nil)
    # * status (Integer or nil): the default is that of the class
    # * errno (Integer or nil)
    def initialize(message = nil, status = STATUSES[self.class], errno = nil)
      @status = status
      @errno = errno
      super(message)
    end
  end

  # The state was not reached before the deadline.
  #
  # It is not a Timeout::Error, so that a Timeout.timeout around a wait can be distinguished from it.
  class Timeout < Error; end

  # A server listens on a port that must be free.
  class PortNotFree < Error; end

  # An argument is out of range, or an object is used in a way that its state does not allow.
  class Invalid < Error; end

  # The host has no address.
  class Unresolved < Error; end

  # No port matches the options of the search.
  class NoPort < Error; end

  # The wait was canceled by Waiter#cancel.
  class Canceled < Error; end

  # The system refused a socket, a thread or another resource; see errno.
  class SystemError < Error; end

  # Out of memory.
  class NoMemory < Error; end

  # A bug in the library: please report the message.
  class InternalError < Error; end

  # A process that was expected to reach the state has exited.
  class ProcessGone < Error; end

  # This system, or this host, does not support the request.
  class Unsupported < Error; end

  class Error
    STATUSES = {
      Timeout => Native::ERR_TIMEOUT,
      PortNotFree => Native::ERR_NOT_FREE,
      Invalid => Native::ERR_INVALID,
      Unresolved => Native::ERR_RESOLVE,
      NoPort => Native::ERR_NO_PORT,
      Canceled => Native::ERR_CANCELED,
      SystemError => Native::ERR_SYSTEM,
      NoMemory => Native::ERR_NO_MEMORY,
      InternalError => Native::ERR_INTERNAL,
      ProcessGone => Native::ERR_GONE,
      Unsupported => Native::ERR_UNSUPPORTED
    }.freeze
    private_constant :STATUSES

    # The error for a status of C that is a failure.
    # @api private
    def self.for(status, message, errno = 0) # :nodoc:
      text = message.empty? ? Native.strerror(status) : message
      (STATUSES.key(status) || Error).new(text, status, errno.nonzero?)
    end

    # Raises the error for a status, with the message of the handle that returned it.
    # @api private
    def self.check(status, handle = nil) # :nodoc:
      return if status >= Native::OK

      message = handle ? handle.message : ""
      raise self.for(status, Native.last_error, Native.last_errno) if message.empty?

      raise self.for(status, message, handle.errno)
    end
  end
end
