"""Hostile zips: each member that is refused is refused by name, nothing is written outside, the rest is graded."""

import io
import os
import stat
import struct
import zipfile

import pytest
from classroom import UNIT, notebook
from platforms import on_canvas, pack

from mldebt.grading import unpack as unpacking
from mldebt.grading.collect import CollectError, collect
from mldebt.grading.unpack import UnpackError, unpack

GOOD = on_canvas("Abel, Anna", 101, 1)


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "a" / "b" / "unpacked"
    folder.mkdir(parents=True)
    return folder


def outside(tmp_path, place):
    return {path for path in tmp_path.rglob("*") if place not in path.parents and path != place}


def special(name, mode, content="/etc/passwd"):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info, content


def packed(path, *infos):
    pack(path, [(GOOD, notebook())])
    with zipfile.ZipFile(path, "a") as made:
        for info, content in infos:
            made.writestr(info, content)
    return path


SLIPS = [
    "../evil.ipynb",
    "a/../../evil.ipynb",
    "/tmp/evil.ipynb",
    "..\\evil.ipynb",
    "C:\\evil.ipynb",
    "\\\\x\\evil.ipynb",
]


@pytest.mark.parametrize("name", SLIPS)
def test_no_member_leaves_the_folder(tmp_path, place, name):
    path = packed(tmp_path / "c.zip", (zipfile.ZipInfo(name), "{}"))
    before = outside(tmp_path, place)
    found = collect(path, place)
    assert outside(tmp_path, place) == before
    assert not os.path.lexists("/tmp/evil.ipynb")
    assert [item.learner for item in found] == ["abelanna_101"]
    (refused,) = found.refused
    assert refused.file == f"{path}/{name}"
    assert refused.why == "Its path leads out of the zip."


@pytest.mark.parametrize(
    ("mode", "why"),
    [
        (stat.S_IFLNK | 0o777, "It is a link; a file is needed."),
        (stat.S_IFIFO | 0o666, "It is not a regular file."),
        (stat.S_IFCHR | 0o666, "It is not a regular file."),
    ],
)
@pytest.mark.parametrize("name", [f"ben/{UNIT}.ipynb", "ben/secret"])
def test_links_and_devices_are_refused_by_name(tmp_path, place, mode, why, name):
    found = collect(packed(tmp_path / "c.zip", special(name, mode)), place)
    good, *others = sorted(found, key=lambda item: item.problem)
    assert (good.learner, good.problem) == ("abelanna_101", "")
    said = [(item.file, item.message) for item in others] + [(refused.file, refused.why) for refused in found.refused]
    assert said == [(f"{tmp_path}/c.zip/{name}", why)]
    assert not any(path.is_symlink() for path in place.rglob("*"))


@pytest.mark.parametrize("name", ["coecy_103_3_work.zip", "cy/a.tar.gz", "cy/a.7z", f"cy/{UNIT}.ipynb"])
def test_an_archive_within_is_refused_by_name(tmp_path, place, name):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as made:
        made.writestr(f"{UNIT}.ipynb", "{}")
    found = collect(packed(tmp_path / "c.zip", (zipfile.ZipInfo(name), inner.getvalue())), place)
    said = [(item.file, item.message) for item in found if item.problem]
    said += [(refused.file, refused.why) for refused in found.refused]
    ((file, why),) = said
    assert file.endswith(name)
    assert "archive within the zip" in why


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, place):
    bomb = b"0" * (19 << 20)
    path = pack(tmp_path / "c.zip", [(GOOD, notebook()), (on_canvas("Coe, Cy", 103, 2), bomb)])
    assert path.stat().st_size < 1 << 20
    found = {item.learner: item for item in collect(path, place)}
    assert found["abelanna_101"].problem == ""
    assert (found["coecy_103"].problem, found["coecy_103"].unit) == ("refused", UNIT)
    assert "more than 200 times its size" in found["coecy_103"].message
    assert sum(file.stat().st_size for file in place.rglob("*") if file.is_file()) < 1 << 20


def test_a_file_that_is_too_large_is_refused(tmp_path, place):
    path = pack(tmp_path / "c.zip", [(GOOD, notebook()), (on_canvas("Coe, Cy", 103, 2), os.urandom((20 << 20) + 1))])
    found = {item.learner: item for item in collect(path, place)}
    assert found["coecy_103"].message == "It is larger than 20 MB; clear its outputs."


def lie(path, name, size):
    """Let the directory of a zip claim another size of a member."""
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    while data[at + 46 : at + 46 + len(name)] != name.encode():
        at = data.index(b"PK\x01\x02", at + 1)
    struct.pack_into("<I", data, at + 24, size)
    path.write_bytes(data)


@pytest.mark.parametrize("size", [10, 15 << 20])
def test_a_size_that_is_a_lie_does_no_harm(tmp_path, place, size):
    name = on_canvas("Coe, Cy", 103, 2)
    path = pack(tmp_path / "c.zip", [(GOOD, notebook()), (name, os.urandom(1 << 20))])
    lie(path, name, size)
    found = {item.learner: item for item in collect(path, place)}
    assert found["abelanna_101"].problem == ""
    assert found["coecy_103"].problem in ("refused", "unreadable")


def test_the_sum_of_all_files_has_a_limit(tmp_path, place, monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_TOTAL", 250_000)
    members = [(on_canvas(f"L{n}", 200 + n, n + 1), os.urandom(100_000)) for n in range(5)]
    found = {item.learner: item for item in collect(pack(tmp_path / "c.zip", members), place)}
    assert len(found) == 5
    assert [item.problem for item in found.values()] == ["unreadable"] * 2 + ["refused"] * 3
    assert "may" in found["l3_203"].message
    assert sum(file.stat().st_size for file in place.rglob("*") if file.is_file()) <= 250_000


def test_the_number_of_files_has_a_limit(tmp_path, place, monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_MEMBERS", 3)
    path = pack(tmp_path / "c.zip", [(f"{n}/x.ipynb", "{}") for n in range(4)])
    found = collect(path, place)
    assert [(refused.file, refused.why) for refused in found.refused] == [
        (str(path), "It holds more than 3 files; split it.")
    ]


@pytest.mark.parametrize("at", [6, 8])
def test_an_encrypted_member_is_refused(tmp_path, place, at):
    path = pack(tmp_path / "c.zip", [(GOOD, notebook())])
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    (item,) = collect(path, place)
    assert (item.learner, item.problem) == ("abelanna_101", "refused")
    assert "encrypted" in item.message


def test_other_ways_of_packing_are_refused(tmp_path, place):
    path = tmp_path / "c.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as made:
        made.writestr(GOOD, "{}")
    (item,) = collect(path, place)
    assert "packed in a way" in item.message


def test_a_damaged_member_costs_only_itself(tmp_path, place):
    path = pack(tmp_path / "c.zip", [(on_canvas("Coe, Cy", 103, 2), os.urandom(50_000)), (GOOD, notebook())])
    data = bytearray(path.read_bytes())
    data[20_000:20_100] = bytes(100)
    path.write_bytes(data)
    found = {item.learner: item for item in collect(path, place)}
    assert found["coecy_103"].message == "It is damaged; download it again."
    assert found["abelanna_101"].problem == ""


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(17), b"PK\x03\x04" + bytes(100)])
def test_what_is_no_zip_is_refused(tmp_path, place, content):
    path = tmp_path / "c.zip"
    path.write_bytes(content)
    with pytest.raises(UnpackError, match="no zip file"):
        list(unpack(path, place))
    assert [refused.file for refused in collect(path, place).refused] == [str(path)]


def test_an_empty_zip_holds_nothing_to_grade(tmp_path, place):
    with pytest.raises(CollectError, match=r"c\.zip holds no notebook"):
        collect(pack(tmp_path / "c.zip", []), place)


def test_a_date_that_never_was_is_no_time(tmp_path, place):
    path = pack(tmp_path / "c.zip", [(f"anna/{UNIT}.ipynb", notebook(), (2026, 1, 1, 0, 0, 0))])
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 14 : data.index(b"PK\x01\x02") + 16] = b"\0\0"  # month 0, day 0
    path.write_bytes(data)
    (item,) = collect(path, place)
    assert (item.problem, item.handed_in) == ("", "")
