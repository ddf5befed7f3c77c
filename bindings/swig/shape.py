# SPDX-License-Identifier: MIT
"""Reads what SWIG understands of an interface file, by `swig -xml`. Stubs and checks are derived from it."""

import dataclasses
import pathlib
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree

HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass
class Function:
    """A function, a method, or a field (which has no parameters and is not callable)."""

    name: str
    result: str
    parameters: dict[str, str]
    calls: list[str]  # functions of C
    is_field: bool = False
    is_forwarded: bool = False  # it returns what the one function returns


@dataclasses.dataclass
class Shape:
    constants: list[str] = dataclasses.field(default_factory=list)
    functions: list[Function] = dataclasses.field(default_factory=list)
    classes: dict[str, list[Function]] = dataclasses.field(default_factory=dict)
    constructors: dict[str, Function] = dataclasses.field(default_factory=dict)


def _attributes(node):
    found = node.find("attributelist")
    if found is None:
        return {}
    return {each.get("name"): each.get("value") for each in found.findall("attribute")}


def _c_type(swig_type):
    """`p.q(const).char` is `const char *`, and `a(64).char` is `char[64]`."""
    *around, text = re.findall(r"q\(\w+\)|a\(\w+\)|p(?=\.)|[\w ]+", swig_type)
    for part in reversed(around):
        if part == "p":
            text = f"{text} *".replace("* *", "**")
        else:
            kind, inside = part[0], part[2:-1]
            text = f"{inside} {text}" if kind == "q" else f"{text}[{inside}]"
    return text


def _result(of):
    """Returns the type of a result. SWIG keeps pointers in the declarator."""
    pointers = re.sub(r"^f\(.*\)\.", "", of["decl"])
    return _c_type(pointers + of.get("type", "void"))


def _parameters(node):
    given = [_attributes(each) for each in node.iter("parm")]
    return {each["name"]: _c_type(each["type"]) for each in given if "name" in each}


def _function(node, class_in_c=None):
    of = _attributes(node)
    code = of.get("code")
    if class_in_c and code is None:
        calls, forwarded = [f"{class_in_c}_{of['name']}"], True
    elif code is None:
        calls, forwarded = [of["name"]], True
    else:
        calls = re.findall(r"\b(portend_\w+)\(", code)
        forwarded = re.fullmatch(r"\{\s*return portend_\w+\(.*\);\s*\}", code, re.DOTALL) is not None
    is_field = of.get("kind") == "variable"
    return Function(of["sym_name"], _result(of), _parameters(node), calls, is_field, forwarded and not is_field)


def _class(node):
    in_c = _attributes(node)["name"]
    return [_function(each, in_c) for each in node.iter("cdecl")]


def read(interface):
    """Returns the shape of an interface file, such as bindings/python/native.i."""
    with tempfile.TemporaryDirectory() as folder:
        output = pathlib.Path(folder, "interface.xml")
        subprocess.run(["swig", "-xml", f"-I{HERE}", "-o", output, interface], check=True, cwd=folder)
        top = ElementTree.parse(output).getroot()
    shape = Shape()
    inside = {each for kind in top.iter("class") for each in kind.iter()}
    for kind in top.iter("class"):
        name = _attributes(kind)["sym_name"]
        shape.classes[name] = _class(kind)
        for each in kind.iter("constructor"):
            shape.constructors[name] = _function(each)
    shape.constants = [_attributes(each)["sym_name"] for each in top.iter("constant")]
    for each in top.iter("cdecl"):
        if each not in inside and _attributes(each).get("kind") == "function":
            shape.functions.append(_function(each))
    return shape
