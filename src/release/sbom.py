# SPDX-License-Identifier: MIT
"""Writes a software bill of materials (SPDX 2.3, JSON): the artifacts, and the contents of the static
program."""

import datetime
import hashlib
import json
import subprocess

# Debian packages whose code the static program contains, with their licenses.
INSIDE = {
    "libcli11-dev": "BSD-3-Clause",
    "nlohmann-json3-dev": "MIT",
    "libc6-dev": "LGPL-2.1-or-later",
    "libstdc++-12-dev": "GPL-3.0-or-later WITH GCC-exception-3.1",
}


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def version_of(package):
    command = ["dpkg-query", "-W", "-f", "${Version}", package]
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return ended.stdout if ended.returncode == 0 else "NOASSERTION"


def package(identity, name, version, license_name, **more):
    return {
        "SPDXID": identity,
        "name": name,
        "versionInfo": version,
        "licenseConcluded": license_name,
        "licenseDeclared": license_name,
        "copyrightText": "NOASSERTION",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        **more,
    }


def identity_of(name):
    return "SPDXRef-" + "".join(letter if letter.isalnum() or letter in ".-" else "-" for letter in name)


def document(version, artifacts, program, epoch):
    """`program` is the artifact that is linked statically."""
    when = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    digests = "".join(sha256(path) for path in artifacts)
    packages, relations = [], []
    for path in artifacts:
        sums = [{"algorithm": "SHA256", "checksumValue": sha256(path)}]
        packages.append(package(identity_of(path.name), path.name, version, "MIT", checksums=sums))
        relations.append(("SPDXRef-DOCUMENT", "DESCRIBES", identity_of(path.name)))
    for name, license_name in INSIDE.items():
        packages.append(package(identity_of(name), name, version_of(name), license_name))
        relations.append((identity_of(program.name), "CONTAINS", identity_of(name)))
    unique = hashlib.sha256(digests.encode()).hexdigest()
    content = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"portend-{version}",
        "documentNamespace": f"https://github.com/portend/portend/spdx/portend-{version}-{unique}",
        "creationInfo": {"created": when, "creators": ["Tool: portend-release"]},
        "packages": packages,
        "relationships": [
            {"spdxElementId": element, "relationshipType": kind, "relatedSpdxElement": other}
            for element, kind, other in relations
        ],
    }
    return json.dumps(content, indent=1, sort_keys=True) + "\n"
