"""A class of 30 from release to export: every mark is what the bank of attempts says, and a copied solution earns nothing."""

import csv
import io

import pytest
from click.testing import CliRunner
from platforms import on_canvas, on_moodle, pack

from mldebt import units, variant
from mldebt.build.source import answer_cell
from mldebt.check import Status
from mldebt.cli import main
from mldebt.judge.cage import missing
from mldebt.release import Release
from mldebt.simulated import answers, fill_in, write_answer

pytestmark = [
    pytest.mark.skipif(bool(missing()), reason=missing() or "there are walls"),
    pytest.mark.timeout(600),
]
CHOSEN = ["02-set-a-limit", "03-keep-the-best"]
CLASS = [f"learner{number:02}" for number in range(30)]
COPIES = {"learner28": None, "learner29": "learner00"}  # the public solution, and a neighbour's


def run(*arguments):
    done = CliRunner().invoke(main, list(map(str, arguments)))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return done


def name_of(learner):
    return f"First{learner[-2:]} Last{learner[-2:]}"


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """Release, let everybody answer, and return the folder, what each answered, and the release."""
    folder = tmp_path_factory.mktemp("class")
    lines = ["learner,name,canvas_id", *(f"{who},{name_of(who)},{500 + at}" for at, who in enumerate(CLASS))]
    (folder / "roster.csv").write_text("\n".join(lines) + "\n")
    done = run("release", "--roster", folder / "roster.csv", "--units", "02-03", "--out", folder / "out", "--seed", "s")
    assert done.exit_code == 0, done.output
    release = Release.read(folder / "out" / "release.json")
    ids = {who: release.id_of(who) for who in CLASS}
    given = {unit: answers(CLASS, unit, "class", ids) for unit in CHOSEN}
    for who in CLASS:
        for unit in CHOSEN:
            path = folder / "out" / "learners" / who / f"{unit}.ipynb"
            if who in COPIES:
                source = COPIES[who]
                place = folder / f"as-{unit}-{who}"
                solved = (
                    units.load(unit) if source is None else units.load(unit, variant.write(unit, ids[source], place))
                )
                for id in solved.questions:
                    write_answer(path, id, answer_cell(solved, id, solved=True).split("\n", 1)[1])
            else:
                fill_in(path, given[unit][who])
    return folder, given, release


def zipped(folder, platform):
    members = []
    for at, who in enumerate(CLASS):
        for place, unit in enumerate(CHOSEN):
            data = (folder / "out" / "learners" / who / f"{unit}.ipynb").read_bytes()
            first, last = name_of(who).split()
            name = on_canvas(f"{last}, {first}", 500 + at, 9000 + 2 * at + place, file=f"{unit}.ipynb")
            members.append((name if platform == "canvas" else on_moodle(name_of(who), 500 + at, f"{unit}.ipynb"), data))
    return pack(folder / f"{platform}.zip", members)


@pytest.mark.parametrize("platform", ["canvas", "moodle"])
def test_every_mark_is_what_the_bank_says(handed_in, platform):
    folder, given, _ = handed_in
    book = folder / f"{platform}.db"
    done = run(
        *("grade", zipped(folder, platform), "--gradebook", book, "--roster", folder / "roster.csv", "--format", "csv"),
        *("--release", folder / "out" / "release.json"),
    )
    assert done.exit_code == 0, done.output
    found = {(row["learner"], row["unit"], row["question"]): row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert len(found) == len(CLASS) * sum(len(units.load(unit).questions) for unit in CHOSEN)
    totals = dict.fromkeys(CLASS, 0.0)
    for (who, unit, question), row in found.items():
        totals[who] += float(row["earned"]) * (unit == CHOSEN[1])
        if who in COPIES:
            assert (row["outcome"], row["earned"]) == ("wrong", "0"), row
            assert row["misconception"] == variant.ANOTHER or question == "q2", row
            continue
        attempt = given[unit][who][question]
        of_nobody = attempt.misconception == "not-a-letter" and row["misconception"] == variant.ANOTHER
        assert row["outcome"] == attempt.status.value, (attempt, row)
        assert row["misconception"] == (attempt.misconception or "") or of_nobody, (attempt, row)
        assert (row["earned"] == row["points"]) is (attempt.status is Status.RIGHT)
    assert {row["outcome"] for row in found.values()} >= {"right", "wrong"}

    done = run("export", book, "--format", platform, "--roster", folder / "roster.csv", "--unit", CHOSEN[1])
    assert done.exit_code == 0, done.output
    name, mark = ("Student", CHOSEN[1]) if platform == "canvas" else ("Full name", "Grade")
    rows = {row[name]: row[mark] for row in csv.DictReader(io.StringIO(done.stdout))}
    assert {who: float(rows[name_of(who)]) for who in CLASS} == pytest.approx(totals)
