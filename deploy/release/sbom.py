"""A bill of materials for each deployable, in CycloneDX 1.6, from the locks that it is installed from.

    python deploy/release/sbom.py 0.2.0 FOLDER      writes FOLDER/<name>-0.2.0.cdx.json

What a base image brings is not in a lock: the images carry a bill of their own, made when they are built.
Standard library only.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
# The jars are in the enricher's image and in the EMR artefact; the broker's are on laptops only.
_JAR_GROUPS = {"tacho-enricher": ("kafka", "iam")}
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.M)

Component = dict[str, Any]


def write(root: Path, version: str, folder: Path) -> list[Path]:
    """Write one file for each deployable; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for lock in sorted([*root.glob("services/*/requirements.lock"), root / "deploy" / "requirements.lock"]):
        name = "tacho" if lock.parent.name == "deploy" else f"tacho-{lock.parent.name}"
        file = folder / f"{name}-{version}.cdx.json"
        file.write_text(json.dumps(bill(root, name, version, lock), indent=1) + "\n", encoding="utf-8")
        written.append(file)
    return written


def bill(root: Path, name: str, version: str, lock: Path) -> dict[str, Any]:
    """The bill of one deployable. Equal input gives equal bytes: it holds no time and no serial number."""
    contained = [*packages(lock.read_text(encoding="utf-8"))]
    for group in _JAR_GROUPS.get(name, ()):
        contained += jars((root / "deploy" / "jars.lock").read_text(encoding="utf-8"), group)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": name,
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": contained,
    }


def packages(lock: str) -> Iterator[Component]:
    """The Python packages of a lock, those that only some platforms install included."""
    for name, version in _LOCKED.findall(lock):
        purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
        yield {"type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl}


def jars(lock: str, group: str) -> Iterator[Component]:
    """The jars of one group, each with its checksum."""
    for line in lock.splitlines():
        if line.startswith(f"{group} "):
            _, _, coordinates, digest = line.split()
            organisation, name, version = coordinates.split(":")
            purl = f"pkg:maven/{organisation}/{name}@{version}"
            yield {
                "type": "library",
                "group": organisation,
                "name": name,
                "version": version,
                "purl": purl,
                "bom-ref": purl,
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: sbom.py VERSION FOLDER")
    for path in write(ROOT, sys.argv[1], Path(sys.argv[2])):
        print(path)
