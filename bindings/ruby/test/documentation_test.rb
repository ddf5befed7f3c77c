# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require_relative "support"

# Runs the examples of README.md as one program. The text after "# =>" is the expected result; "..." matches
# anything.
class DocumentationTest < Minitest::Test
  include Support

  def test_the_examples_of_the_readme
    readme = File.read("#{FOLDER}/README.md")
    examples = readme.scan(/^```ruby\n(.*?)^```/m).flatten
    assert_operator examples.size, :>=, 8
    program = examples.join.lines.map { |line| checked(line) }.join
    assert_operator program.scan("expect(").size, :>=, 8
    said, status = Open3.capture2e(*ruby_command("#{EXPECT}\n#{program}"))
    assert_predicate status, :success?, said
    assert_match(/\ARefused: Port \d+ not bound on localhost\./, said)
  end

  EXPECT = <<~'RUBY'
    def expect(found, expected)
      pattern = expected.split("...", -1).map { |part| Regexp.escape(part) }.join(".*")
      raise "#{found.inspect} is not #{expected}" unless found.inspect.match?(/\A#{pattern}\z/m)
    end
  RUBY

  private

  def checked(line)
    code, expected = line.chomp.split(/\s+# => /)
    expected ? "expect((#{code}), #{expected.inspect})\n" : line
  end
end
