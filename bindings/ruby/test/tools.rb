# frozen_string_literal: true

# SPDX-License-Identifier: MIT

# Programs of Debian, for the tests that run them.
module Tools
  def tool(*names)
    folders = ENV.fetch("PATH").split(":")
    names.find { |name| folders.any? { |folder| File.executable?("#{folder}/#{name}") } } ||
      skip("#{names.first} is not installed")
  end

  def run_tool(*command, **options)
    said, status = Open3.capture2e(*command, **options)
    [said, status.success?]
  end
end
