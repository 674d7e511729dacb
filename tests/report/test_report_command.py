"""The page and the notebook of a report: whole, escaped, the same each time, and never at the cost of a gradebook."""

import re
import sqlite3

import nbformat
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from made import CHOSEN, everything, hand_in, outcome, write

from mldebt.check import Status
from mldebt.cli import main
from mldebt.execute import execute
from mldebt.grading.gradebook import Gradebook
from mldebt.report import read
from mldebt.report.page import page

UNIT = "03-keep-the-best"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}&amp;\u202e"


@pytest.fixture
def class_(tmp_path):
    return write(tmp_path / "class.db", everything())


def report(*arguments):
    return CliRunner().invoke(main, ["report", *map(str, arguments)])


def soup(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def hostile(path):
    """Write a class of two whose names, files, messages and code are hostile, and alike."""
    long = "\n".join(f"name_{n} = [name_{n - 1}.x{n} for y in range({n})]  # {HOSTILE}" for n in range(1, 40))
    answers = [
        outcome(UNIT, "q1", Status.WRONG, "ties", message=f"{HOSTILE} `{HOSTILE}` ![x](http://evil.example/x.png)"),
        outcome(UNIT, "q2", Status.BROKE, message=HOSTILE),
    ]
    with Gradebook(path) as book:
        for number in "12":
            work = {"q1": f"text = {HOSTILE!r}\n{long}", "q2": HOSTILE}
            hand_in(book, f"{HOSTILE}{number}", UNIT, answers, work, digest=number)
        hand_in(book, "../../etc", "", [], problem="not ours", message=HOSTILE)
    return path


def test_a_page_and_a_notebook_are_written(class_, tmp_path):
    out, notebook = tmp_path / "r.html", tmp_path / "r.ipynb"
    result = report(class_, "--out", out, "--notebook", notebook)
    assert result.exit_code == 0, result.output
    assert "30 learners" in result.output
    assert {path.name for path in tmp_path.iterdir()} == {"class.db", "r.html", "r.ipynb"}
    found = soup(out)
    assert found.h1.get_text() == "Report on class.db"
    assert [h.get_text() for h in found.find_all("h2")][:3] == ["What to look at first", "Marks", "Questions"]
    nbformat.validate(nbformat.read(notebook, as_version=4))


def test_equal_gradebooks_give_equal_bytes(class_):
    assert page(read(class_), "x") == page(read(class_), "x")


def test_the_page_loads_nothing_runs_nothing_and_says_all_in_words(class_, tmp_path):
    report(class_, "--out", tmp_path / "r.html")
    found = soup(tmp_path / "r.html")
    policy = found.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert not found.find_all(["script", "link", "iframe", "object", "form"])
    assert all(image["src"].startswith("data:image/svg+xml;base64,") for image in found.find_all("img"))
    assert len(found.find_all("img")) == 6
    assert all(len(image["alt"]) > 30 for image in found.find_all("img"))
    assert all(figure.figcaption.get_text().strip() for figure in found.find_all("figure"))
    for table in found.find_all("table"):
        assert table.caption.get_text().strip()
        assert all(head["scope"] == "col" for head in table.thead.find_all("th"))
        assert all(line.find("th")["scope"] == "row" for line in table.tbody.find_all("tr"))
    ids = {element["id"] for element in found.find_all(id=True)}
    assert {link["href"][1:] for link in found.find_all("a")} <= ids


def test_figures_name_nobody(class_, tmp_path):
    from mldebt.report import figures, measures

    rows = read(class_).rows
    questions = measures.by_question(rows)
    plots = [figures.marks(rows), figures.unit_marks(rows), figures.outcomes(questions)]
    plots += [figures.discrimination(questions), figures.misconceptions(measures.misconceptions(rows))]
    for plot in [*plots, figures.stops(measures.last_units(rows))]:
        said = [text.get_text() for text in plot.figure.findobj(lambda artist: hasattr(artist, "get_text"))]
        assert not re.search(r"\bl\d\d\b", " ".join([*said, plot.alternative]))
        assert all(axes.get_xlabel() for axes in plot.figure.axes)


def test_the_text_of_figures_has_the_numbers_of_the_tables(class_, tmp_path):
    report(class_, "--out", tmp_path / "r.html")
    found = soup(tmp_path / "r.html")
    questions = found.find("table", string=None) and found.select_one('[aria-label="Questions"] table')
    cells = [
        [cell.get_text(strip=True) for cell in line.find_all(["th", "td"])] for line in questions.tbody.find_all("tr")
    ]
    said = next(image["alt"] for image in found.find_all("img") if image["alt"].startswith("Discrimination"))
    for line in cells:
        number = re.match(r"−?[\d.]+", line[5])[0].replace("−", "-")
        assert f"{line[0][:2]} {line[0].split(', ')[1]} {number}" in said


def test_hostile_names_files_messages_and_code_are_shown_as_text(tmp_path):
    path = hostile(tmp_path / "class.db")
    roster = tmp_path / "roster.csv"
    roster.write_text(f'learner,name\nl1,"{HOSTILE.replace(chr(34), chr(34) * 2)}"\n', encoding="utf-8")
    result = report(path, "--out", tmp_path / "r.html", "--roster", roster, "--notebook", tmp_path / "r.ipynb")
    assert result.exit_code == 0, result.output
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "<img src=x" not in text
    assert "\u202e" not in text
    assert "{{ 7*7 }}" in text
    assert "evil.example" not in "".join(re.findall(r'(?:src|href)="[^"]*"', text))
    found = soup(tmp_path / "r.html")
    assert {image["src"][:18] for image in found.find_all("img")} == {"data:image/svg+xml"}
    assert not [tag for tag in found.find_all(True) if any(key.startswith("on") for key in tag.attrs)]
    pairs = found.select_one('[aria-label="Pairs of submissions"]')
    assert pairs is not None
    assert found.find("pre").get_text().startswith("text = ")
    assert "A small class." in text


def test_surrogates_and_names_of_no_unit_do_not_stop_it(tmp_path):
    path = tmp_path / "class.db"
    with Gradebook(path) as book:
        hand_in(book, "a", "99-gone", [outcome(UNIT, "q1", message="\u0000\u0007")], {"q1": "x = '\ud800'"})
        hand_in(book, "b", "99-gone", [outcome(UNIT, "q1")], {})
    assert report(path, "--out", tmp_path / "r.html", "--notebook", tmp_path / "r.ipynb").exit_code == 0
    assert "99-gone" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_an_empty_gradebook_says_so(tmp_path):
    Gradebook(tmp_path / "class.db").close()
    result = report(tmp_path / "class.db", "--out", tmp_path / "r.html", "--notebook", tmp_path / "r.ipynb")
    assert result.exit_code == 0, result.output
    assert "holds no marks yet" in (tmp_path / "r.html").read_text()


def run(path):
    """Run a notebook; return all that its cells showed."""
    done = execute(nbformat.read(path, as_version=4), path.parent)
    outputs = [output for cell in done.cells for output in cell.get("outputs", [])]
    return [
        output.get("text") or output["data"].get("text/html", output["data"].get("text/plain")) for output in outputs
    ]


@pytest.mark.parametrize("kind", ["empty", "one learner", "all right", "hostile", "a class"])
def test_every_kind_of_class_has_a_page_and_a_notebook_that_runs(tmp_path, kind):
    path = tmp_path / 'it\'s a "class".db'
    if kind == "hostile":
        hostile(path)
    else:
        known = everything() if kind != "empty" else {}
        if kind == "one learner":
            known = {key: value for key, value in known.items() if key[0] == "l01"}
        if kind == "all right":
            known = {k: ({q: outcome(k[1], q) for q in os}, work) for k, (os, work) in known.items()}
        write(path, known)
    result = report(path, "--out", tmp_path / "r.html", "--notebook", tmp_path / "r.ipynb")
    assert result.exit_code == 0, result.output
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert not re.search(r"\bnan\b|\bNone\b(?!\.| of)", re.sub(r'src="[^"]*"', "", text))
    shown = run(tmp_path / "r.ipynb")
    if kind == "a class":
        assert sum("mldebt-figure" in one for one in shown) == 6
    if kind == "all right":
        assert "No answer was wrong." in text
        assert "All 30 got all points" in text
        assert "everybody has the same points" in text
    if kind == "one learner":
        assert "fewer than 10 learners" in text
        assert "1 learner, 3 units, 3 submissions" in " ".join(text.split())


def test_the_roster_gives_names_and_tells_who_is_missing(tmp_path):
    known = {key: value for key, value in everything().items() if key[0] in ("l01", "l02")}
    roster = tmp_path / "roster.csv"
    roster.write_text("learner,name\nl01,Anna\nl09,Zoe\n")
    report(write(tmp_path / "class.db", known), "--roster", roster, "--out", tmp_path / "r.html")
    text = " ".join(soup(tmp_path / "r.html").get_text().split())
    assert "Of the roster, 1 handed in nothing: Zoe." in text
    assert "Not on the roster: l02." in text
    assert "Anna" in text


# --- what is refused


def sentence(result):
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    said = result.output.strip()
    assert said.startswith("Error: ")
    assert "\n" not in said
    return said


def test_a_gradebook_that_is_not_there_is_not_made(tmp_path):
    assert "none.db is not there" in sentence(report(tmp_path / "none.db", "--out", tmp_path / "r.html"))
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_gradebook_is_refused(tmp_path):
    (tmp_path / "x.db").write_text("no database, and long enough to be looked at by a library for databases" * 20)
    assert "x.db" in sentence(report(tmp_path / "x.db", "--out", tmp_path / "r.html"))
    other = sqlite3.connect(tmp_path / "y.db")
    other.execute("CREATE TABLE z (a)")
    other.close()
    assert "database of something else" in sentence(report(tmp_path / "y.db", "--out", tmp_path / "r.html"))
    assert not (tmp_path / "r.html").exists()


def test_nothing_is_written_over(class_, tmp_path):
    before = class_.read_bytes()
    roster = tmp_path / "roster.csv"
    roster.write_text("learner,name\nl01,Anna\n")
    link = tmp_path / "link.html"
    link.symlink_to(class_)
    for arguments in (["--out", class_], ["--notebook", class_], ["--out", link], ["--roster", roster, "--out", roster],
                      ["--out", tmp_path / "a", "--notebook", tmp_path / "a"]):  # fmt: skip
        assert "would be written over" in sentence(report(class_, *arguments))
    assert class_.read_bytes() == before
    assert roster.read_text().startswith("learner")


def test_a_place_that_cannot_be_written_and_a_roster_that_is_none(class_, tmp_path):
    said = sentence(report(class_, "--out", tmp_path / "no" / "r.html"))
    assert f"The folder {tmp_path / 'no'} is not there; make it first." in said
    (tmp_path / "bad.csv").write_text("who\nme\n")
    assert "bad.csv" in sentence(report(class_, "--roster", tmp_path / "bad.csv", "--out", tmp_path / "r.html"))


def test_the_class_of_these_tests_has_all_units():
    assert {unit for _, unit in everything()} == set(CHOSEN)
