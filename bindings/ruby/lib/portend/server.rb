# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # A program that serves a port, for tests. The port is found and reserved. The program gets it in `PORT` of
  # its environment, and in place of `{port}` in its arguments. The server is ready when the program or one of
  # its descendants listens on the port. The descendants end with it, also if this process is killed.
  #
  #     Portend.server("redis-server", "--port", "{port}") do |server|
  #       TCPSocket.new("localhost", server.port)
  #     end
  #
  # In Minitest and RSpec: Server::Minitest and Server::RSpec.
  class Server
    # * command (Array of String): the program and its arguments
    # * env (Hash of String to String/nil): changes of the environment; nil removes a variable
    # * chdir (String or nil): its working directory
    # * port (Integer or nil): the port that it must listen on, which is not reserved
    # * any_port (Boolean): whether it may listen on another port
    # * any_owner (Boolean): whether a listener of another process counts
    # * reserved (Boolean): whether the port stays reserved while it runs: a program that does not set
    #   SO_REUSEADDR cannot bind a reserved port
    # * output (String or nil): a file that its output is appended to
    # * timeout (Numeric or nil): how many seconds it may take until it is ready
    # * grace (Numeric): how many seconds it may take between TERM and KILL
    def initialize(*command, env: {}, chdir: nil, port: nil, any_port: false, any_owner: false,
                   reserved: true, output: nil, timeout: 60, grace: 10)
      raise ArgumentError, "the command is missing: give the program and its arguments" if command.empty?

      @native = Native::Server.new
      @timeout_ms = Arguments.milliseconds(timeout)
      @grace_ms = Arguments.milliseconds(grace)
      command.each { |word| check(@native.add_word(word.to_s)) }
      env.each { |variable, value| check(@native.set_environment(variable.to_s, value&.to_s)) }
      check(@native.set_directory(chdir.to_s))
      check(@native.set_port(Arguments.port(port))) if port
      check(@native.set_any_port(Arguments.flag(any_port)))
      check(@native.set_any_owner(Arguments.flag(any_owner)))
      check(@native.set_reserved(Arguments.flag(reserved)))
      check(@native.set_output(output.to_s))
      check(@native.set_grace(@grace_ms))
    end

    # Starts the program, and waits until it is ready. Handlers of signals run meanwhile.
    #
    # * returns Server: itself
    # * raises Timeout: the server was not ready in time
    # * raises ProcessGone: the program has ended; the message has its last output
    def start
      check(@native.launch)
      ready = false
      check(@native.wait_ready(@timeout_ms))
      ready = true
      self
    ensure
      @native.stop(@grace_ms) if ready == false
    end

    # Ends all processes of the server, and waits until its port is free. May be called again.
    #
    def stop
      check(@native.stop(@grace_ms))
      nil
    end

    # Integer: the port that it listens on; 0 before the first start
    def port
      @native.port
    end

    # Integer: the process id of the program
    def pid
      @native.pid
    end

    # Whether the server runs.
    def alive?
      @native.alive == 1
    end

    # Integer or nil: the exit code of the program, or 128 + its signal; nil while it runs
    def exit_status
      status = @native.exit_status
      status unless status.negative?
    end

    # String: the last 8 KiB that the server wrote
    def output
      @native.output
    end

    # Shared by Minitest and RSpec.
    module Starting
      # Starts a server; see Server#initialize.
      #
      # * returns Server
      def start_server(*command, **options)
        (@portend_servers ||= []) << Server.new(*command, **options).start
        @portend_servers.last
      end

      # @api private
      def stop_servers # :nodoc:
        (@portend_servers || []).reverse_each(&:stop)
      end
    end

    # `include Portend::Server::Minitest`: the servers end with the test.
    module Minitest
      include Starting

      # @api private
      def after_teardown # :nodoc:
        stop_servers
        super
      end
    end

    # `config.include Portend::Server::RSpec`: the servers end with the example.
    module RSpec
      include Starting

      # @api private
      def self.included(group) # :nodoc:
        group.after { stop_servers } if group.respond_to?(:after)
      end
    end

    private

    def check(status)
      Error.check(status, @native)
    end
  end

  class << self
    # Runs a block with a server, and stops the server after it; see Server#initialize for the options.
    #
    # * to the block: server (Server): the server, which is ready
    # * returns the value of the block
    def server(*command, **options)
      running = Server.new(*command, **options).start
      begin
        yield running
      ensure
        running.stop
      end
    end
  end
end
