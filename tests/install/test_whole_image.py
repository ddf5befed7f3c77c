# SPDX-License-Identifier: MIT
"""The commands of the Dockerfile, in a root of its own, since an engine for containers is rarely at hand."""

import os
import re
import shutil

from minimal_root import debootstrap, needs_root
from support import SOURCE, run, says_its_version

pytestmark = needs_root
# What an engine sets.
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
DOCKERFILE = (SOURCE / "src/cli/Dockerfile").read_text().replace("\\\n", " ")


def copy_sources(folder):
    """What COPY takes from the context."""
    ignored = (SOURCE / "src/cli/Dockerfile.dockerignore").read_text().splitlines()[1:]
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns(*ignored, "__pycache__"))


def test_its_image_has_one_static_program(tmp_path):
    root = debootstrap(tmp_path / "root")
    copy_sources(root.folder / "source")
    commands = re.findall(r"^RUN (.+)$", DOCKERFILE, re.M)
    assert len(commands) == 2
    for command in commands:
        root.run("env", "DEBIAN_FRONTEND=noninteractive", "sh", "-ec", command)
    ((source, target),) = re.findall(r"^COPY --from=build (\S+) (\S+)$", DOCKERFILE, re.M)
    assert f'ENTRYPOINT ["{target}"]' in DOCKERFILE

    image = tmp_path / "image"
    image.mkdir()
    shutil.copy(root.folder / source.lstrip("/"), image / target.lstrip("/"))
    assert os.path.getsize(image / target.lstrip("/")) <= 2_500_000
    assert says_its_version("chroot", image, target, "--version", env=ENVIRONMENT)
    assert int(run("chroot", image, target, "find", env=ENVIRONMENT)) > 0
