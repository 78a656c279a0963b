"""What the page carries of others is what they released, byte for byte, with its licence."""

import base64
import hashlib
from pathlib import Path

import pytest

import tacho_dashboard

STATIC = Path(tacho_dashboard.__file__).parent / "static"
VENDORED = [path.parent for path in STATIC.glob("vendor/*/VERSION")]


def recorded(folder: Path) -> dict[str, str]:
    lines = (folder / "VERSION").read_text(encoding="utf-8").splitlines()
    return dict(line.split()[1:3] for line in lines if line.startswith("file "))


def integrity(path: Path) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


def test_something_is_vendored() -> None:
    assert [folder.name for folder in VENDORED] == ["uplot"]


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.name)
def test_every_vendored_file_is_the_one_that_was_recorded(folder: Path) -> None:
    files = {path.name: integrity(path) for path in folder.iterdir() if path.name != "VERSION"}
    assert files == recorded(folder)


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.name)
def test_every_vendored_folder_says_name_version_and_the_packages_integrity(folder: Path) -> None:
    text = (folder / "VERSION").read_text(encoding="utf-8")
    assert all(f"{word} " in text for word in ("name", "version", "integrity"))
    assert "LICENSE" in recorded(folder)


def test_the_page_has_no_inline_script_or_style_and_asks_no_other_origin() -> None:
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    assert "<style" not in page
    assert " style=" not in page
    assert "://" not in page
    assert page.count("<script") == page.count('src="static/')
