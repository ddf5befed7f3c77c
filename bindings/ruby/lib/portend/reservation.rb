# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # Keeps a port by sockets that are bound and do not listen. The system assigns the port to no other process,
  # and no other reservation gets it. Any server that sets SO_REUSEADDR can bind the port by its number.
  #
  # There are three ways to hand the port over: start a server that sets SO_REUSEADDR and binds the number;
  # serve on servers or sockets, or let a child inherit fds; or park the port.
  #
  #     Portend.reserve do |reservation|
  #       server = TCPServer.new("127.0.0.1", reservation.port)
  #     end
  class Reservation
    private_class_method :new

    # Integer: the number, which stays when the reservation is closed
    attr_reader :port

    # @api private
    def initialize(source, index = nil) # :nodoc:
      @native = Native::Reservation.new
      if index
        @native.take(source, index)
      else
        Error.check(@native.create(source), source)
      end
      @port = @native.port
    end

    # Returns the descriptors, which belong to the reservation. For a child:
    #
    #     spawn("server", *reservation.fds.map(&:to_s), reservation.fds.to_h { |fd| [fd, fd] })
    #
    # * returns Array of Integer
    def fds
      Array.new(@native.fd_count) { |index| @native.fd(index) }
    end

    # Sockets to listen on, one for each address. The caller closes them; they outlive the reservation.
    #
    # * returns Array of Socket
    def sockets
      fds.map { |fd| own(Socket, fd) }
    end

    # Sockets that listen, one for each address. The caller closes them; they outlive the reservation.
    #
    # * backlog (Integer)
    # * returns Array of TCPServer
    def servers(backlog: 128)
      listen(backlog)
      fds.map { |fd| own(TCPServer, fd) }
    end

    # Queues connections from now on, until a process accepts them.
    #
    # * backlog (Integer): 1 or more
    def listen(backlog = 128)
      Error.check(@native.listen(backlog))
    end

    # Lets the program that this process becomes by Kernel#exec inherit the reservation. The port stays
    # reserved until that program, and all processes that inherited it, have ended. close does not undo it.
    #
    def inherit
      Error.check(@native.inherit)
    end

    # Closes the sockets, and leaves the port to servers that set SO_REUSEADDR. Meanwhile the system assigns
    # it to no process.
    #
    # * returns Integer: how many seconds that lasts
    def park
      seconds = @native.park
      Error.check([seconds, Native::OK].min)
      seconds
    end

    # Explains how the port is kept, and what a server must set.
    #
    # * returns String
    def explain
      @native.explain
    end

    # Releases the port.
    #
    def close
      @native.release
    end

    # Whether the reservation was closed or parked.
    #
    # * returns Boolean
    def closed?
      @native.fd_count.zero?
    end

    # String
    def inspect
      "#<Portend::Reservation of port #{port}>"
    end

    private

    def own(kind, descriptor)
      borrowed = kind.for_fd(descriptor)
      borrowed.autoclose = false
      borrowed.dup
    end
  end
end
