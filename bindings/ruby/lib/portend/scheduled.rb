# frozen_string_literal: true

# SPDX-License-Identifier: MIT

module Portend
  # How a wait lives in a fiber that has a scheduler: as a descriptor that the scheduler waits for.
  # @api private
  module Scheduled
    module_function

    # As Native::Waiter#run.
    def run(native, mode, limit)
      status = native.start(mode, limit)
      return native.run(mode, limit) if status == Native::ERR_UNSUPPORTED
      return status unless status == Native::OK

      status = Native::PENDING
      io(native).wait_readable while (status = native.process) == Native::PENDING
      status
    ensure
      native.reset if status == Native::PENDING
    end

    # As Native::Waiter#next.
    def next(native, limit, seen)
      ends = deadline(limit)
      status = native.next(0, seen)
      while status == Native::ERR_TIMEOUT
        return native.next(limit, seen) if native.fd.negative?

        left = left_of(ends) / 1000.0 unless limit == Native::FOREVER
        break unless io(native).wait_readable(left)

        status = native.process
        status = native.next(0, seen) if status == Native::PENDING
      end
      status
    end

    # The descriptor is the waiter's, which closes it.
    def io(native)
      IO.for_fd(native.fd, autoclose: false)
    end

    # The moment so many milliseconds from now.
    def deadline(limit)
      Process.clock_gettime(Process::CLOCK_MONOTONIC, :float_millisecond) + limit
    end

    # The milliseconds until then, rounded up.
    def left_of(moment)
      [moment - deadline(0), 0].max.ceil
    end
  end
  private_constant :Scheduled
end
