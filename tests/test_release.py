"""A release: each learner's own exercises, nothing of a solution in them, and the file that stays with the instructor."""

import json
import re

import pytest
from click.testing import CliRunner

from mldebt import units, variant
from mldebt.build.source import answer_cell
from mldebt.cli import main
from mldebt.grading.collect import HandedIn
from mldebt.release import NONE, Release, ReleaseError, assigned, exercise, parse_units, write_release
from mldebt.roster import Learner

CLASS = [Learner("anna", "Anna"), Learner("bea", "Bea")]
UNITS = ["02-set-a-limit", "03-keep-the-best"]


def cells(path):
    data = json.loads(path.read_text(encoding="utf-8"))
    return data, ["".join(cell["source"]) for cell in data["cells"]]


@pytest.fixture
def out(tmp_path):
    return tmp_path / "release"


def test_each_learner_gets_another_exercise_under_an_id_that_is_theirs(out):
    release = write_release(CLASS, UNITS, out, seed="s")
    texts = {}
    for learner in ("anna", "bea"):
        data, sources = cells(out / "learners" / learner / "03-keep-the-best.ipynb")
        assert data["metadata"]["mldebt"]["variant"] == release.id_of(learner)
        assert f'release="{release.id_of(learner)}"' in sources[1]
        texts[learner] = "\n".join(sources)
    assert texts["anna"] != texts["bea"]
    assert "s" not in re.findall(r'"(\w+)"', texts["anna"])
    assert Release.read(out / "release.json") == release


@pytest.mark.parametrize("name", units.names())
def test_nothing_of_a_solution_is_in_what_is_handed_out(name, tmp_path):
    id = variant.new_id("s", "anna")
    for which, unit in ((units.PUBLIC, units.load(name)), (id, units.load(name, variant.write(name, id, tmp_path)))):
        text = exercise(name, which, None)
        assert ".solution()" not in text
        assert "../" not in text
        for question in unit.questions:
            solved = answer_cell(unit, question, solved=True).split("\n", 1)[1]
            assert json.dumps(solved)[1:-1] not in text


@pytest.mark.parametrize(
    ("hints", "lines", "said"), [(None, True, ""), (1, True, ", hints=1"), (0, False, ", hints=0")]
)
def test_hints_are_as_the_instructor_sets(out, hints, lines, said):
    write_release(CLASS, UNITS, out, hints=hints)
    _, sources = cells(out / "learners" / "anna" / "02-set-a-limit.ipynb")
    assert any(".hint()" in source for source in sources) is lines
    assert re.search(r"exercise\(.*\)", sources[1])[0].count(", hints=") == bool(said)


def test_without_variants_all_get_the_public_exercise(out):
    release = write_release(CLASS, UNITS, out, variants=NONE)
    one, other = [(out / "learners" / who / f"{UNITS[1]}.ipynb").read_text() for who in ("anna", "bea")]
    assert one == other
    assert release.id_of("anna") == units.PUBLIC
    assert "model_versions" in one


def test_a_release_is_gone_on_with_and_what_was_handed_out_stays(out):
    write_release(CLASS[:1], UNITS, out)
    path = out / "learners" / "anna" / f"{UNITS[0]}.ipynb"
    before = path.read_bytes()
    release = write_release(CLASS, [UNITS[0], "04-show-what-is-active"], out)
    assert path.read_bytes() == before
    assert set(release.units) == {*UNITS, "04-show-what-is-active"}
    assert release.learners == ("anna", "bea")
    with pytest.raises(ReleaseError, match=r"release\.json was made with hints None, not 1"):
        write_release(CLASS, UNITS, out, hints=1)
    with pytest.raises(ReleaseError, match="another seed"):
        write_release(CLASS, UNITS, out, seed="other")


def test_what_was_edited_is_not_overwritten(out):
    write_release(CLASS[:1], UNITS, out)
    path, before = out / "learners" / "anna" / f"{UNITS[1]}.ipynb", (out / "release.json").read_bytes()
    path.write_text("mine")
    with pytest.raises(ReleaseError, match=rf"anna/{UNITS[1]}.ipynb is not what would be written.* with --out"):
        write_release(CLASS, UNITS, out)
    assert path.read_text() == "mine"
    assert not (out / "learners" / "bea").exists()
    assert (out / "release.json").read_bytes() == before


def test_a_release_that_was_ended_half_way_is_gone_on_with(out):
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_release(CLASS, UNITS, out, done=stop)
    write_release(CLASS, UNITS, out)
    assert len(list(out.glob("learners/*/*.ipynb"))) == 4


def test_a_list_for_a_mail_merge_says_whose_each_file_is(out):
    write_release([Learner("anna", "=Anna", "a@x.org")], UNITS, out)
    assert (out / "learners.csv").read_text().splitlines() == [
        "learner,name,email,file",
        *(f"anna,'=Anna,a@x.org,learners/anna/{name}.ipynb" for name in UNITS),
    ]


def test_the_command_says_what_else_lies_there(tmp_path):
    write_release(CLASS, UNITS, tmp_path / "out")
    (tmp_path / "roster.csv").write_text("learner,name\nanna,Anna\n")
    arguments = ["--roster", tmp_path / "roster.csv", "--units", "02", "--out", tmp_path / "out"]
    done = CliRunner().invoke(main, ["release", *map(str, arguments)])
    assert done.stdout.startswith("1 exercise for 1 learner is in ")
    assert (
        "also holds learners who are not on this roster: bea; units that are not in this release: 03-keep"
        in done.stderr
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("01-03", ["01-track-model-versions", "02-set-a-limit", "03-keep-the-best"]),
        ("2, 4", ["02-set-a-limit", "04-show-what-is-active"]),
        ("03-keep-the-best,01", ["01-track-model-versions", "03-keep-the-best"]),
    ],
)
def test_units_are_named_by_number_or_name(text, expected):
    assert parse_units(text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("77", "no unit '77'"),
        ("first", "no unit 'first'"),
        ("", "names no unit"),
        ("3-1", "range 3-1 runs backwards; write 1-3"),
        ("01-20", "there is no unit 16; the last unit is 15"),
    ],
)
def test_units_that_are_not_there_are_refused(text, said):
    with pytest.raises((ReleaseError, units.UnitError), match=said):
        parse_units(text)


def test_a_file_is_judged_as_its_learner_s_own_variant_whatever_it_says(tmp_path):
    release = write_release(CLASS, UNITS, tmp_path)
    anna, bea = release.id_of("anna"), release.id_of("bea")

    def item(learner, id):
        return HandedIn(learner, UNITS[0], tmp_path / "x.ipynb", "d", variant=id)

    found = assigned(release, [item("anna", anna), item("bea", anna), item("bea", units.PUBLIC), item("zoe", bea)])
    assert [one.variant for one in found] == [anna, bea, bea, bea]
    assert found[0].notes == ()
    assert "holds the variant of anna" in found[1].notes[0]
    assert "holds the public exercise" in found[2].notes[0]
    assert "not in the release" in found[3].notes[0]


def test_the_command_writes_and_says_what_to_keep(tmp_path):
    (tmp_path / "roster.csv").write_text("learner,name\nanna,Anna\nbea,Bea\n")
    arguments = ["--roster", tmp_path / "roster.csv", "--units", "02-03", "--out", tmp_path / "out"]
    done = CliRunner().invoke(main, ["release", *map(str, arguments)])
    assert done.exit_code == 0, done.output
    assert "2 exercises for each of 2 learners" in done.output
    assert "release.json to yourself" in done.output
    assert sorted(path.name for path in (tmp_path / "out" / "learners").iterdir()) == ["anna", "bea"]


@pytest.mark.parametrize(
    ("roster", "chosen", "said"),
    [
        ("learner,name\n", "02", "names no learner"),
        ("learner,name\nanna,Anna\n", "99", "There is no unit '99'; the units are 00-"),
        (None, "02", "cannot be read"),
    ],
)
def test_the_command_refuses_in_one_sentence(tmp_path, roster, chosen, said):
    if roster is not None:
        (tmp_path / "roster.csv").write_text(roster)
    arguments = ["--roster", tmp_path / "roster.csv", "--units", chosen, "--out", tmp_path / "out"]
    done = CliRunner().invoke(main, ["release", *map(str, arguments)])
    assert done.exit_code == 1
    assert said in done.output
    assert done.output.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_release_file_that_is_none_is_refused(tmp_path):
    (tmp_path / "release.json").write_text("[]")
    with pytest.raises(ReleaseError, match="is no release file"):
        Release.read(tmp_path / "release.json")
    with pytest.raises(ReleaseError, match="cannot be read"):
        Release.read(tmp_path / "none.json")
