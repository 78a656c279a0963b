"""A tag is released only when CHANGELOG and every package name its version."""

import shutil
from pathlib import Path

import pytest

from deploy.release import version

CHANGELOG = """# Changelog
Words on the format.

## Unreleased

## 0.2.0 - 2026-12-01

### Added
- What is new.

## 0.1.0 - 2026-11-01
- The first.
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The packages and the catalogue of this repository, all at 0.2.0, with a CHANGELOG that says so."""
    for file in version.versions(version.ROOT):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(version.ROOT / file, tmp_path / file)
        _replace(tmp_path / file, version.versions(version.ROOT)[file], "0.2.0")
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    return tmp_path


def _replace(file: Path, old: str, new: str) -> None:
    file.write_text(
        file.read_text().replace(f'version = "{old}"', f'version = "{new}"').replace(f": {old}\n", f": {new}\n")
    )


def test_a_tree_that_agrees_is_released(tree: Path) -> None:
    assert version.check(tree, "v0.2.0") == "0.2.0"


@pytest.mark.parametrize("tag", ["0.2.0", "v0.2", "v0.2.0-rc1", "release", "v0.2.0\n"])
def test_a_tag_of_another_form_is_refused(tree: Path, tag: str) -> None:
    with pytest.raises(version.ReleaseError, match="is no release tag"):
        version.check(tree, tag)


@pytest.mark.parametrize("file", version.versions(version.ROOT))
def test_each_file_that_names_another_version_is_named(tree: Path, file: str) -> None:
    _replace(tree / file, "0.2.0", "0.1.9")
    with pytest.raises(version.ReleaseError, match=rf"^{file} says 0\.1\.9, the tag 0\.2\.0\.$"):
        version.check(tree, "v0.2.0")


def test_every_service_is_among_the_files() -> None:
    services = {folder.name for folder in (version.ROOT / "services").iterdir() if (folder / "src").is_dir()}
    named = {file.split("/")[1] for file in version.versions(version.ROOT) if file.startswith("services/")}
    assert services <= named


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (("## 0.2.0 - 2026-12-01", "## 0.2.1 - 2026-12-01"), "has no heading '## 0.2.0"),
        (("## 0.2.0 - 2026-12-01", "## 0.2.0"), "does not say when 0.2.0 was released"),
        (
            ("## 0.2.0 - 2026-12-01", "## 0.2.0 - unreleased"),
            r"calls 0\.2\.0 unreleased: write the day there \(.*20\d\d-\d\d-\d\d.\), commit, and tag",
        ),
        (("## Unreleased", "## 0.3.0 - 2026-12-02"), "0.2.0 is not the newest"),
    ],
)
def test_a_changelog_that_does_not_fit_is_refused(tree: Path, changed: tuple[str, str], why: str) -> None:
    (tree / "CHANGELOG.md").write_text(CHANGELOG.replace(*changed))
    with pytest.raises(version.ReleaseError, match=why):
        version.check(tree, "v0.2.0")


def test_the_notes_are_the_versions_section(tree: Path) -> None:
    assert version.notes(tree, "0.2.0") == "### Added\n- What is new.\n"
    assert version.notes(tree, "0.1.0") == "- The first.\n"
    with pytest.raises(version.ReleaseError, match=r"says nothing of 0\.9\.0"):
        version.notes(tree, "0.9.0")


def test_the_command_says_why_and_fails(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert version.main(["check", "v0.3.0"], tree) == 1
    said = capsys.readouterr().err
    assert "schemas/pyproject.toml says 0.2.0, the tag 0.3.0." in said
    assert "CHANGELOG.md has no heading" in said
    assert version.main(["check"], tree) == 2


def test_this_tree_names_one_version_everywhere() -> None:
    (named,) = set(version.versions(version.ROOT).values())
    newest = next(name for name in version.changelog_dates(version.ROOT) if name != "Unreleased")
    assert newest == named, "the CHANGELOG has a heading for the version that the packages name"


def test_what_is_not_tagged_yet_has_notes_all_the_same(tree: Path) -> None:
    (tree / "CHANGELOG.md").write_text(CHANGELOG.replace("2026-12-01", "unreleased"))
    assert version.notes(tree, "0.2.0") == "### Added\n- What is new.\n"
