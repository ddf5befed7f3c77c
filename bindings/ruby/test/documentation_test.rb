# frozen_string_literal: true

# SPDX-License-Identifier: MIT

require "cgi"
require "tmpdir"
require_relative "support"
require_relative "tools"

# Runs the examples of README.md as one program. The text after "# =>" is the expected result; "..." matches
# anything.
class DocumentationTest < Minitest::Test
  include Support
  include Tools

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

  # What YARD and RDoc must not show: what is private to the package.
  PRIVATE = %w[Native Arguments Words Scheduled Group].freeze

  def test_P62_yard_shows_nothing_private_and_no_raw_markup
    Dir.mktmpdir do |folder|
      said, fine = run_tool(tool("yard"), "doc", "--no-save", "--no-cache", "--quiet", "--output-dir",
                            folder, chdir: FOLDER)
      assert fine, said
      assert_empty PRIVATE & Dir.children("#{folder}/Portend").map { |page| File.basename(page, ".html") }
      pages = Dir["#{folder}/Portend.html", "#{folder}/Portend/**/*.html"]
      assert_operator pages.size, :>, 15
      pages.each do |page|
        refute_match(/@[a-z]+ |``|\{[#\w:?]+\}|^ *\* |Native::/, shown(page), page)
      end
    end
  end

  def test_P62_ri_shows_nothing_private_and_no_raw_markup
    Dir.mktmpdir do |folder|
      said, fine = run_tool(tool("rdoc"), "--quiet", "--ri", "--output", "#{folder}/ri", "lib", chdir: FOLDER)
      assert fine, said
      ri = [tool("ri"), "--no-standard-docs", "--doc-dir", "#{folder}/ri"]
      classes, = run_tool({ "HOME" => folder }, *ri, "--list", "Portend")
      assert_empty PRIVATE.map { |name| "Portend::#{name}" } & classes.split
      reservation, = run_tool({ "HOME" => folder }, *ri, "--no-pager", "--format", "markdown",
                              "Portend::Reservation")
      assert_includes reservation, "servers"
      assert_plain_in_ri({ "HOME" => folder }, ri)
      refute_match(/^# Class methods|\bnew$/i, reservation)
    end
  end

  def assert_plain_in_ri(environment, ri)
    names = %w[Portend Portend::Finder#find Portend::Finder::new Portend::Waiter#wait_all Portend::Event]
    shown = names.map { |name| run_tool(environment, *ri, "--no-pager", "--format", "markdown", name).first }
    assert_includes shown[1], "raises NoPort"
    shown.each { |text| refute_match(/@[a-z]+ |\{[#\w:?]+\}/, text) }
  end

  EXPECT = <<~'RUBY'
    def expect(found, expected)
      pattern = expected.split("...", -1).map { |part| Regexp.escape(part) }.join(".*")
      raise "#{found.inspect} is not #{expected}" unless found.inspect.match?(/\A#{pattern}\z/m)
    end
  RUBY

  private

  # Returns the text of a page, without the sources and examples that it shows.
  def shown(page)
    html = File.read(page, encoding: "UTF-8") # containers have no locale
    CGI.unescapeHTML(html.gsub(%r{<(pre|code|script|head).*?</\1>}m, "").gsub(/<[^>]*>/, ""))
  end

  def checked(line)
    code, expected = line.chomp.split(/\s+# => /)
    expected ? "expect((#{code}), #{expected.inspect})\n" : line
  end
end
