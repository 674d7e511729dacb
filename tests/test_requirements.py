"""The requirements files are what a reader may install: complete, pinned, and of one mind."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pins(file: str) -> dict[str, str]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    found = [re.match(r"([A-Za-z0-9._-]+)==([^ ;]+)(?: ; (.*))?$", line) for line in lines if line[:1].isalnum()]
    assert all(found), [line for line, match in zip(lines, found, strict=False) if match is None]
    return {f"{match[1].lower()} {match[3] or ''}".strip(): match[2] for match in found if match}


def names(file: str) -> set[str]:
    return {name.split()[0].replace("_", "-") for name in pins(file)}


def test_a_learner_gets_every_dependency_pinned():
    assert {name.lower() for name in PROJECT["dependencies"]} <= names("requirements.txt")


def test_authors_and_graders_get_every_extra_pinned():
    extras = PROJECT["optional-dependencies"]
    assert {name.lower() for extra in extras.values() for name in extra} <= names("requirements-dev.txt")


def test_both_files_pin_the_same_versions():
    def versions(file):  # whatever the platforms: an extra may need for all what another needs for some
        return {(key.split()[0], version) for key, version in pins(file).items()}

    assert versions("requirements.txt") <= versions("requirements-dev.txt")


def test_an_extra_is_installed_in_the_versions_that_were_tested():
    assert pins("constraints.txt") == pins("requirements-dev.txt")
    assert not re.search(r"^-e|://", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_the_package_itself_is_installed_and_no_registry_named(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    assert re.search(r"^-e \.", text, re.MULTILINE)
    assert "://" not in text
