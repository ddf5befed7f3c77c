# SPDX-License-Identifier: MIT
"""The form of the sources: small files, small functions, a license in each."""

import pytest

import house

LONGEST_FILE = 330
LONGEST_FUNCTION = 40


@pytest.fixture(scope="module")
def sources():
    found = house.sources()
    assert len(found) > 200
    return found


def is_text_for_reading(name):
    return house.has_comments(house.SOURCE / name)


def test_no_file_is_long(sources):
    lengths = {name: len(path.read_bytes().splitlines()) for name, path in sources.items() if is_text_for_reading(name)}
    long = [f"{name}: {length} lines" for name, length in lengths.items() if length > LONGEST_FILE]
    assert not long, "\n".join([f"more than {LONGEST_FILE} lines", *long])


def test_no_function_is_long(sources):
    count = 0
    long = []
    for name, path in sources.items():
        for function, length in house.functions_of(path):
            count += 1
            if length > LONGEST_FUNCTION:
                long.append(f"{name}: {function}: {length} lines")
    assert not long, "\n".join([f"more than {LONGEST_FUNCTION} lines", *long])
    assert count > 1000


def test_every_file_says_its_license(sources):
    lack = []
    for name, path in sources.items():
        first_lines = "\n".join(path.read_text(encoding="utf8", errors="replace").split("\n")[:3])
        if house.has_comments(path) and path.stat().st_size > 0:
            lack += [str(name)] if "SPDX-License-Identifier: MIT" not in first_lines else []
    assert not lack, "\n".join(["no line 'SPDX-License-Identifier: MIT' on top", *lack])


C_SAMPLE = """
namespace a {
struct Lonely { int x = 0; };
const int table[] = {
  1,
  2,
};
// void comment() {
int first(int a = 1,
          int b = 2) {
  const auto inner = [&](int x) {
    return x;
  };
  return '{' + inner(a) + sizeof "}";
}
#define MACRO(x) \\
  do { \\
  } while (0)
class Second {
  Second() : x_{1}, y_(2) {
    if (x_) {
    }
  }
  bool operator==(const Second& other) const { return true; }
  void declared();
};
}
"""


def test_functions_of_c_are_counted():
    assert list(house.functions_of_c(C_SAMPLE)) == [
        ("first", 5),
        ("Second", 0),
        ("y_", 3),
        ("operator==", 0),
    ]


@pytest.mark.parametrize(
    "suffix, text, functions",
    [
        (".py", "class A:\n  def f(x):\n    a\n    b\n\ndef g():\n  c\n", {("f", 2), ("g", 1)}),
        (".go", "func F(a int) {\n\tif a {\n\t}\n}\n\nfunc (w *W) G() error {\n\treturn nil\n}\n", {("F", 3), ("G", 2)}),
        (".rb", "module A\n  def f(x)\n    if x\n    end\n  end\nend\n", {("f", 3)}),
        (".lua", "local function f(x)\n  g(function()\n  end)\nend\n", {("f", 3)}),
    ],
)
def test_functions_of_other_languages_are_counted(suffix, text, functions):
    assert set(house.FUNCTIONS[suffix](text)) == functions
