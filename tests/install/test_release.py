# SPDX-License-Identifier: MIT
"""The contents of a release: one version everywhere, and a bill of materials."""

import json
import shutil
import subprocess
import sys

import pytest
from support import SOURCE, VERSION

sys.path.insert(0, str(SOURCE / "src/release"))
import release  # noqa: E402
import sbom  # noqa: E402
import versions  # noqa: E402

NAMES = sorted({name.format(version=VERSION) for name, _ in versions.PLACES})


@pytest.fixture
def copy(tmp_path):
    """Copies the files that contain a version."""
    for name in NAMES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SOURCE / name, tmp_path / name)
    return tmp_path


def test_every_version_agrees():
    assert versions.disagreements(SOURCE) == []


@pytest.mark.parametrize("name", [name for name in NAMES if name != "include/portend/status.h"])
def test_a_version_that_differs_is_named(name, copy):
    text = (copy / name).read_text()
    (copy / name).write_text(text.replace(VERSION, "9.9.9"))
    wrong = versions.disagreements(copy)
    assert wrong and set(wrong) == {f"{name}: 9.9.9 instead of {VERSION}"}


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_uncommitted_changes_are_refused(copy):
    """The archive of the sources would not have them, and the other artifacts would."""
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.invalid"]
    for words in ["init", "-q"], ["add", "."], [*identity, "commit", "-q", "-m", "all"]:
        subprocess.run(["git", "-C", copy, *words], check=True)
    (copy / "CHANGELOG.md").write_text((copy / "CHANGELOG.md").read_text() + "more\n")
    command = [sys.executable, "-B", SOURCE / "src/release/release.py", copy]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    said = "release: the sources have uncommitted changes; commit or stash them:\n M CHANGELOG.md\n"
    assert ended.stderr == said


def test_both_builds_compile_everything():
    environment = release.without_cache({"PATH": "/bin", "CMAKE_CXX_COMPILER_LAUNCHER": "ccache"})
    assert environment == {"PATH": "/bin", "CCACHE_DISABLE": "1"}


def test_a_difference_of_two_builds_is_found(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in one, other:
        folder.mkdir()
        (folder / "same").write_text("same")
        (folder / "different").write_text(folder.name)
    (one / "missing").write_text("")
    assert release.differences(one, other) == ["different", "missing"]


def test_the_bill_of_materials_names_all_with_checksums(tmp_path):
    program, other = tmp_path / "portend-linux", tmp_path / "portend_native.whl"
    for path in program, other:
        path.write_text(path.name)
    content = json.loads(sbom.document(VERSION, [program, other], program, 0))
    assert content["spdxVersion"] == "SPDX-2.3" and content["creationInfo"]["created"] == "1970-01-01T00:00:00Z"
    packages = {each["name"]: each for each in content["packages"]}
    for path in program, other:
        assert packages[path.name]["checksums"] == [{"algorithm": "SHA256", "checksumValue": sbom.sha256(path)}]
    inside = [each["relatedSpdxElement"] for each in content["relationships"] if each["relationshipType"] == "CONTAINS"]
    assert [packages[name]["SPDXID"] for name in sbom.INSIDE] == inside
    identities = [each["SPDXID"] for each in content["packages"]]
    assert len(set(identities)) == len(identities)
