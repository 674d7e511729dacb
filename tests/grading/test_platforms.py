"""Downloads of Canvas, Moodle and nbgrader: each learner is found, nothing is lost, what is doubtful is named."""

import os
import shutil
import time
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from classroom import UNIT, hand_in, notebook
from platforms import on_canvas, on_moodle, pack

from mldebt.grading.collect import collect
from mldebt.grading.late import Deadline, LateError, read_due, read_rule, read_timestamp
from mldebt.grading.lms import CANVAS, MOODLE, Sender, sender
from mldebt.roster import Learner, Roster

OTHER = "01-track-model-versions"
ROSTER = Roster(
    [
        Learner("anna", "Anna Abel", canvas_id="101", moodle_id="501"),
        Learner("ben", "Ben van der Berg"),
        Learner("cy", "Cy Coe", canvas_id="103"),
        Learner("dot", "Dot Doe"),
    ]
)


@pytest.fixture
def gather(tmp_path):
    """Collect from a path, as `mldebt grade` does."""

    def gather(path, roster=None, deadline=None):
        place = tmp_path / "unpacked"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        return collect(path, place, roster, deadline)

    return gather


def whose(found):
    return [(item.learner, item.unit, item.problem) for item in found]


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("abelanna_101_9001_x.ipynb", Sender(CANVAS, "abelanna", "101", "abelanna_101_9001_x.ipynb", False, 9001)),
        ("d/abelanna_LATE_101_9001_x_1.ipynb", Sender(CANVAS, "abelanna", "101", "abelanna_LATE_101_9001_x_1.ipynb", True, 9001)),
        ("a_b_101_9001_02_3_x-1.ipynb", Sender(CANVAS, "a_b", "101", "a_b_101_9001_02_3_x-1.ipynb", False, 9001)),
        ("anon_Ab1Cd_9001_x.ipynb", Sender(CANVAS, "anon", "Ab1Cd", "anon_Ab1Cd_9001_x.ipynb", False, 9001)),
        ("LATE_anon_Ab1Cd_9001_x.ipynb", Sender(CANVAS, "anon", "Ab1Cd", "LATE_anon_Ab1Cd_9001_x.ipynb", True, 9001)),
        ("Anna Abel_501_assignsubmission_file/x.ipynb", Sender(MOODLE, "Anna Abel", "501", "x.ipynb", folder="Anna Abel_501_assignsubmission_file")),
        ("z/Anna Abel_501_assignsubmission_file_/d/x.ipynb", Sender(MOODLE, "Anna Abel", "501", "x.ipynb", folder="Anna Abel_501_assignsubmission_file_")),
        ("Anna Abel_501_assignsubmission_file_x.ipynb", Sender(MOODLE, "Anna Abel", "501", "Anna Abel_501_assignsubmission_file_x.ipynb", folder="Anna Abel_501_assignsubmission_file_")),
        ("A_5_assignsubmission_onlinetext/t.html", Sender(MOODLE, "A", "5", "t.html", folder="A_5_assignsubmission_onlinetext", plugin="onlinetext")),
        ("anna/02-set-a-limit.ipynb", None),
        ("anna_02-set-a-limit.ipynb", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_name_says_who_sent_it(path, who):
    assert sender(path) == who


def test_a_zip_of_canvas(gather, tmp_path):
    path = pack(
        tmp_path / "submissions.zip",
        [
            (on_canvas("Abel, Anna", 101, 9001), notebook()),
            (on_canvas("van der Berg, Ben", 102, 9002, late=True, file=f"{UNIT}-1.ipynb"), notebook(comment="b")),
            (on_canvas("Somebody, Else", 999, 9003), notebook(comment="c")),
            (on_canvas("Doe, Dot", 104, 9004, file="answers.pdf"), "%PDF"),
        ],
    )
    found = gather(path, ROSTER)
    assert whose(found) == [("anna", UNIT, ""), ("ben", UNIT, ""), ("somebodyelse_999", UNIT, "")]
    assert found.items[0].file == f"{path}/abelanna_101_9001_{UNIT}.ipynb"
    assert found.items[1].notes == ("Canvas marks it as late.",)
    assert found.unknown == ["somebodyelse_999"]
    assert "not on the roster" in found.items[2].notes[0]
    assert found.absent == ["cy", "dot"]
    (refused,) = found.refused
    assert "doedot_104_9004_answers.pdf" in refused.file
    assert "no notebook" in refused.why
    assert whose(gather(path)) == [
        ("abelanna_101", UNIT, ""),
        ("somebodyelse_999", UNIT, ""),
        ("vanderbergben_102", UNIT, ""),
    ]


def test_a_file_of_another_kind_is_named_though_another_zip_has_a_notebook(gather, tmp_path):
    pack(tmp_path / "zips" / "hw1.zip", [(on_canvas("Abel, Anna", 101, 9001), notebook())])
    others = [
        (on_canvas("Abel, Anna", 101, 9002, file="answer.pdf"), "%PDF"),
        (on_canvas("Coe, Cy", 103, 9), notebook()),
    ]
    pack(tmp_path / "zips" / "hw2.zip", [*others, (on_canvas("Coe, Cy", 103, 10, file="also.pdf"), "%PDF")])
    found = gather(tmp_path / "zips", ROSTER)
    assert whose(found) == [("anna", UNIT, ""), ("cy", UNIT, "")]
    (refused,) = found.refused
    assert refused.file == f"{tmp_path}/zips/hw2.zip/abelanna_101_9002_answer.pdf"


def test_a_name_on_canvas_does_not_win_over_another_number(gather, tmp_path):
    path = pack(tmp_path / "c.zip", [(on_canvas("Coe, Cy", 555, 1), notebook())])
    assert gather(path, ROSTER).unknown == ["coecy_555"]


def test_two_of_one_name_on_canvas_stay_two(gather, tmp_path):
    members = [(on_canvas("Doe, Dot", user, user + 1), notebook(comment=str(user))) for user in (7, 8)]
    path = pack(tmp_path / "c.zip", members)
    assert len(gather(path)) == 2
    assert gather(path, ROSTER).unknown == ["doedot_7", "doedot_8"]


@pytest.mark.parametrize("tail", ["", "_"])
def test_a_zip_of_moodle(gather, tmp_path, tail):
    path = pack(
        tmp_path / "course-02-123.zip",
        [
            (on_moodle("Changed Name", 501, tail=tail), notebook()),
            (on_moodle("Ben van der Berg", 777, tail=tail), notebook(comment="b")),
            (on_moodle("Group A-Cy Coe", 778, tail=tail), notebook(comment="c")),
            (on_moodle("Some Body", 779, tail=tail, file="week 2/Untitled.ipynb"), notebook(comment="d")),
            (on_moodle("Ben van der Berg", 777, "onlinetext.html", "onlinetext", tail), "<p>see file"),
            (on_moodle("Dot Doe", 780, "data.csv", tail=tail), "x"),
        ],
    )
    found = gather(path, ROSTER)
    assert whose(found) == [(name, UNIT, "") for name in ("Some Body_779", "anna", "ben", "cy")]
    assert found.unknown == ["Some Body_779"]
    assert [refused.file.split("/")[-1] for refused in found.refused] == ["data.csv"]
    assert {item.learner for item in gather(path)} == {
        "Changed Name",
        "Ben van der Berg",
        "Group A-Cy Coe",
        "Some Body",
    }


def test_two_of_one_name_on_moodle_stay_two(gather, tmp_path):
    members = [(on_moodle("Dot Doe", user), notebook(comment=str(user))) for user in (7, 8)]
    path = pack(tmp_path / "m.zip", members)
    assert whose(gather(path)) == [("Dot Doe_7", UNIT, ""), ("Dot Doe_8", UNIT, "")]
    assert gather(path, ROSTER).unknown == ["Dot Doe_7", "Dot Doe_8"]


def test_an_unknown_full_name_is_not_taken_for_an_id(gather, tmp_path):
    path = pack(tmp_path / "m.zip", [(on_moodle("anna", 9), notebook()), (on_moodle("Anna Abel", 501), notebook())])
    assert whose(gather(path, ROSTER)) == [("anna", UNIT, ""), ("anna_9", UNIT, "")]


def test_a_folder_of_zips_and_loose_files(gather, tmp_path):
    root = tmp_path / "in"
    pack(root / "canvas.zip", [(on_canvas("Abel, Anna", 101, 1), notebook())])
    pack(root / "moodle.zip", [(on_moodle("Anna Abel", 501, f"{OTHER}.ipynb"), notebook(OTHER))])
    pack(root / "again" / "ben.zip", [("x.ipynb", notebook())])
    pack(root / "broken.zip", [])
    (root / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    hand_in(root, "cy", notebook())
    found = gather(root, ROSTER)
    assert whose(found) == [("anna", OTHER, ""), ("anna", UNIT, ""), ("cy", UNIT, "")]
    said = {Path(refused.file).name: refused.why for refused in found.refused}
    assert said.keys() == {"ben.zip", "broken.zip"}
    assert "zip in a learner's folder" in said["ben.zip"]
    assert "damaged" in said["broken.zip"]


def test_an_nbgrader_course_with_its_timestamps(gather, tmp_path):
    for learner, stamp in (("anna", "2026-11-30 22:10:04.123456 UTC"), ("ben", "nonsense"), ("cy", None)):
        path = hand_in(tmp_path / "course" / "submitted" / learner, "ps2", notebook(comment=learner))
        if stamp:
            path.with_name("timestamp.txt").write_text(stamp)
    hand_in(tmp_path / "course" / "source", "ps2", notebook())
    expected = datetime.fromisoformat("2026-11-30T22:10:04+00:00")
    zipped = shutil.make_archive(str(tmp_path / "all"), "zip", tmp_path / "course", "submitted")
    for path in (tmp_path / "course", tmp_path / "course" / "submitted", zipped):
        found = {item.learner: item for item in gather(tmp_path / path)}
        assert set(found) == {"anna", "ben", "cy"}
        assert datetime.fromisoformat(found["anna"].handed_in) == expected
        assert found["ben"].handed_in
        assert found["ben"].handed_in != found["anna"].handed_in


def test_a_folder_that_was_zipped_on_a_desktop(gather, tmp_path):
    members = [(f"class/{name}/{UNIT}.ipynb", notebook(comment=name)) for name in ("anna", "ben")]
    path = pack(tmp_path / "class.zip", [*members, (f"__MACOSX/class/anna/._{UNIT}.ipynb", "junk")])
    assert whose(gather(path)) == [("anna", UNIT, ""), ("ben", UNIT, "")]
    path = pack(tmp_path / "other.zip", [(f"anna/{UNIT}.ipynb", notebook())])
    assert whose(gather(path)) == [("anna", UNIT, "")]
    path = pack(tmp_path / "anna.zip", [(f"{UNIT}.ipynb", notebook())])
    assert whose(gather(path)) == [("anna", UNIT, "")]


def test_the_unit_may_stand_in_the_name_alone(gather, tmp_path):
    data = notebook()
    data["metadata"].pop("mldebt", None)
    data["cells"] = [cell for cell in data["cells"] if "exercise(" not in "".join(cell["source"])]
    path = pack(tmp_path / "c.zip", [(on_canvas("Abel, Anna", 101, 1), data)])
    assert whose(gather(path)) == [("abelanna_101", UNIT, "")]


def test_of_two_uploads_the_newest_counts_and_the_other_is_named(gather, tmp_path):
    old, new = on_canvas("Abel, Anna", 101, 20), on_canvas("Abel, Anna", 101, 100, file=f"{UNIT}-1.ipynb")
    path = pack(tmp_path / "c.zip", [(new, notebook(comment="new")), (old, notebook(comment="old"))])
    (item,) = gather(path, ROSTER)
    assert item.file.endswith(new)
    assert item.notes == (f"c.zip/{old} was passed over; c.zip/{new} counts.",)


def test_the_same_name_twice_in_a_zip_is_two_files(gather, tmp_path):
    name = on_moodle("Anna Abel", 501)
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = pack(
            tmp_path / "m.zip", [(name, "spoilt", (2026, 1, 2, 0, 0, 0)), (name, notebook(), (2026, 1, 1, 0, 0, 0))]
        )
    (item,) = gather(path, ROSTER)
    assert (item.learner, item.problem, len(item.notes)) == ("anna", "", 1)


def test_a_renamed_file_counts_for_what_it_holds(gather, tmp_path):
    path = pack(tmp_path / "c.zip", [(on_canvas("Abel, Anna", 101, 1, file=f"{OTHER}.ipynb"), notebook())])
    (item,) = gather(path, ROSTER)
    assert item.unit == UNIT
    assert item.notes == (f"The file is named {OTHER} and holds {UNIT}: what it holds counts.",)


# --- being late


@pytest.fixture
def deadline():
    return Deadline(read_due("2026-11-30T23:59"), *read_rule("10%/day up to 25%"))


@pytest.mark.parametrize(
    ("time_of", "days", "penalty"),
    [
        ((2026, 11, 30, 23, 58, 58), 0, 0),
        ((2026, 11, 30, 23, 59, 0), 0, 0),
        ((2026, 11, 30, 23, 59, 2), 1, 0.1),
        ((2026, 12, 1, 23, 59, 0), 1, 0.1),
        ((2026, 12, 2, 0, 0, 0), 2, 0.2),
        ((2026, 12, 30, 0, 0, 0), 30, 0.25),
    ],
)
def test_each_day_begun_costs_up_to_a_limit(gather, tmp_path, deadline, time_of, days, penalty):
    path = pack(tmp_path / "class.zip", [(f"anna/{UNIT}.ipynb", notebook(), time_of)])
    (item,) = gather(path, deadline=deadline)
    assert item.penalty == pytest.approx(penalty)
    assert item.handed_in == datetime(*time_of).astimezone().isoformat(timespec="seconds")
    assert bool(item.notes) == bool(days)
    if days:
        assert f"in day {days} after the deadline: {100 * penalty:g} % of the points are taken off." in item.notes[0]


def test_a_loose_file_has_the_time_of_its_last_change(gather, tmp_path, deadline):
    path = hand_in(tmp_path / "in", "anna", notebook())
    late = datetime.fromisoformat("2026-12-01T12:00").timestamp()
    os.utime(path, (late, late))
    assert next(iter(gather(tmp_path / "in", deadline=deadline))).penalty == pytest.approx(0.1)


def test_late_without_a_rule_is_named_and_costs_nothing(gather, tmp_path):
    path = pack(tmp_path / "class.zip", [(f"anna/{UNIT}.ipynb", notebook(), (2026, 12, 1, 9, 0, 0))])
    (item,) = gather(path, deadline=Deadline(read_due("2026-11-30T23:59")))
    assert item.penalty == 0
    assert item.notes[0].endswith("in day 1 after the deadline.")


def test_times_of_a_download_make_nobody_late(gather, tmp_path, deadline):
    members = [
        (on_canvas("Abel, Anna", 101, 1), notebook(), (2026, 12, 2, 9, 0, 0)),
        (on_canvas("Coe, Cy", 103, 2, late=True), notebook(comment="c"), (2026, 12, 2, 9, 40, 0)),
    ]
    found = gather(pack(tmp_path / "c.zip", members), ROSTER, deadline)
    assert [(item.learner, item.penalty, item.handed_in) for item in found] == [("anna", 0, ""), ("cy", 0.1, "")]
    assert found.items[1].notes == (
        "Late, as Canvas says; how late is not known, so one day counts: 10 % of the points are taken off.",
    )
    (remark,) = found.remarks
    assert "taken for those of the download" in remark


def test_times_of_a_zip_that_lie_apart_are_those_of_handing_in(gather, tmp_path, deadline):
    members = [
        (on_moodle("Anna Abel", 501), notebook(), (2026, 11, 29, 9, 0, 0)),
        (on_moodle("Cy Coe", 503), notebook(comment="c"), (2026, 12, 2, 9, 0, 0)),
    ]
    found = gather(pack(tmp_path / "m.zip", members), ROSTER, deadline)
    assert [(item.learner, item.penalty) for item in found] == [("anna", 0), ("cy", 0.2)]
    assert found.remarks == []


@pytest.mark.parametrize("text", ["", "10", "10%", "ten%/day", "-5%/day", "101%/day", "10%/day up to 200%", "10%/hour"])
def test_what_is_no_rule_is_refused(text):
    with pytest.raises(LateError, match="write it as 10%/day"):
        read_rule(text)


def test_rules_that_can_be_read():
    assert read_rule("10%/day") == (0.1, 1.0)
    assert read_rule(" 2.5 % / day up to 50 % ") == (0.025, 0.5)


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "23:59", "30.11.2026"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(LateError, match="write it as 2026-11-30T23:59"):
        read_due(text)


def test_a_due_date_may_name_its_zone():
    assert read_due("2026-11-30T23:59+02:00") == datetime.fromisoformat("2026-11-30T21:59+00:00")
    assert read_due("2026-11-30").timestamp() == time.mktime((2026, 11, 30, 0, 0, 0, 0, 0, -1))


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2015-02-02 15:58:23.948203 America/Los_Angeles", "2015-02-02T23:58:23.948203+00:00"),
        ("2015-02-02 15:58:23 UTC\n", "2015-02-02T15:58:23+00:00"),
        ("2015-02-02 15:58:23", "2015-02-02T15:58:23+00:00"),
        ("2015-02-02 15:58:23 ../../etc/passwd", None),
        ("2015-02-02 15:58:23 Nowhere", None),
        ("", None),
    ],
)
def test_timestamps_of_nbgrader(text, utc):
    assert read_timestamp(text) == (datetime.fromisoformat(utc) if utc else None)


def test_names_that_a_zip_does_not_mark_as_utf8_are_read(gather, tmp_path):
    path = tmp_path / "m.zip"
    name = on_moodle("Zoé Ñu", 5)
    pack(path, [(name, notebook())])
    data = path.read_bytes()
    with zipfile.ZipFile(path) as made:
        assert made.infolist()[0].flag_bits & 0x800
    # Bit 11 of the flags stands at offset 6 of a local header and 8 of a central one.
    unmarked = bytearray(data)
    for sign, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        unmarked[data.index(sign) + offset] &= ~0x08
    path.write_bytes(unmarked)
    assert whose(gather(path)) == [("Zoé Ñu", UNIT, "")]
