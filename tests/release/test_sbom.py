"""The bills of materials hold what the locks hold."""

import json
import re
from pathlib import Path

import pytest

from deploy.release import sbom

ROOT = sbom.ROOT


@pytest.fixture(scope="module")
def bills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    files = sbom.write(ROOT, "0.2.0", tmp_path_factory.mktemp("bills"))
    return {file.name.removesuffix("-0.2.0.cdx.json"): json.loads(file.read_text()) for file in files}


def purls(bill: dict[str, object]) -> list[str]:
    components = bill["components"]
    assert isinstance(components, list)
    return [component["purl"] for component in components]


def test_every_deployable_has_one(bills: dict[str, dict[str, object]]) -> None:
    locks = [ROOT / "deploy", *(file.parent for file in ROOT.glob("services/*/Dockerfile"))]
    assert bills.keys() == {"tacho" if lock.name == "deploy" else f"tacho-{lock.name}" for lock in locks}


@pytest.mark.parametrize("service", ["producer", "enricher", "alerter", "dashboard"])
def test_every_locked_package_is_in_it_once(bills: dict[str, dict[str, object]], service: str) -> None:
    lock = (ROOT / "services" / service / "requirements.lock").read_text()
    found = purls(bills[f"tacho-{service}"])
    assert len(found) == len(set(found))
    assert sum(purl.startswith("pkg:pypi/") for purl in found) == len(re.findall(r"^\w.*?==", lock, re.M))


def test_the_enrichers_has_the_jars_it_takes_to_aws_with_their_checksums(bills: dict[str, dict[str, object]]) -> None:
    lock = [line.split() for line in (ROOT / "deploy" / "jars.lock").read_text().splitlines()]
    expected = {line[3] for line in lock if line and line[0] in ("kafka", "iam")}
    components = bills["tacho-enricher"]["components"]
    assert isinstance(components, list)
    assert {part["hashes"][0]["content"] for part in components if "hashes" in part} == expected
    assert any(
        purl.startswith("pkg:maven/software.amazon.msk/aws-msk-iam-auth@") for purl in purls(bills["tacho-enricher"])
    )


def test_equal_locks_give_equal_bytes(tmp_path: Path) -> None:
    once, again = (sbom.write(ROOT, "0.2.0", tmp_path / name) for name in ("once", "again"))
    assert [file.read_bytes() for file in once] == [file.read_bytes() for file in again]
