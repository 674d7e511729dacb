"""The site for reading: the same bytes each time, links that lead somewhere, nothing from elsewhere, no solution."""

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mldebt import units
from mldebt.cli.site import site
from mldebt.site.body import SiteError
from mldebt.site.static import LIST, make, write

ROOT = Path(__file__).parent.parent
NAMES = units.names()
LIVE = "Run this cell in JupyterLab"


@pytest.fixture(scope="module")
def files():
    """The site without solutions."""
    return make(ROOT)


@pytest.fixture(scope="module")
def full():
    """The site with solutions."""
    return make(ROOT, solutions=True)


def html_of(files):
    return {path: content.decode() for path, content in files.items() if path.endswith(".html")}


class Seen(HTMLParser):
    """What a page holds, read by another parser than the one that made it."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self._quiet = [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._quiet += tag in ("script", "style")

    def handle_endtag(self, tag):
        self._quiet -= tag in ("script", "style")

    def handle_data(self, data):
        if not self._quiet:
            self.text.append(data)

    def all(self, *names):
        return [attrs for tag, attrs in self.tags if tag in names]

    @property
    def ids(self):
        return [attrs["id"] for _, attrs in self.tags if "id" in attrs]


def broken_links(files):
    """Name every link, script, style or form of a page that leads to no file, or to no place in it."""
    pages = {path: Seen(text) for path, text in html_of(files).items()}
    found = []
    for path, seen in pages.items():
        wanted = [attrs.get(name, "") for _, attrs in seen.tags for name in ("href", "src", "action") if name in attrs]
        for address in wanted:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = normpath(join(dirname(path), unquote(parts.path))) if parts.path else path
            if target not in files or (parts.fragment and unquote(parts.fragment) not in pages[target].ids):
                found.append(f"{path}: {address}")
    return found


def loaded_from_outside(files):
    """Name whatever a page or a style loads by an address with a host. A link to be clicked loads nothing."""
    found = []
    for path, text in html_of(files).items():
        for tag, attrs in Seen(text).tags:
            for name, value in attrs.items():
                is_address = re.search(r"(?:\w+:)?//", value or "") and not value.startswith("data:")
                if is_address and tag != "a" and name not in ("alt", "content"):
                    found.append(f"{path}: {tag} {name}={value[:80]}")
    for path, content in files.items():
        if path.endswith((".css", ".html")) and re.search(rb"@import|url\(\s*['\"]?(?!data:|#)", content):
            found.append(f"{path}: a style loads a file")
    return found


def test_two_builds_give_the_same_bytes(files, tmp_path):
    """In another process with another order of sets, and from another folder."""
    for folder in ("notebooks", "exercises", "solutions"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    code = (
        "import hashlib, json; from pathlib import Path; from mldebt.site.static import make\n"
        "print(json.dumps({p: hashlib.sha256(c).hexdigest() for p, c in make(Path('.')).items()}))"
    )
    env = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, check=True)
    assert json.loads(ended.stdout) == {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    assert not any(str(ROOT).encode() in content for content in files.values())


def test_every_link_leads_somewhere(files, full):
    assert broken_links(files) == []
    assert broken_links(full) == []
    start = files["notebooks/00-start-here.html"].decode()
    assert 'href="01-track-model-versions.html#Introduction"' in start
    assert 'href="#Test"' in start
    assert not re.search(r'href="[^"]*\.ipynb', "".join(html_of(full).values()))


@pytest.mark.parametrize("planted", ['<a href="nowhere.html">x</a>', '<a href="#nowhere">x</a>', '<img src="x.png">'])
def test_a_broken_link_would_be_found(files, planted):
    index = files["index.html"].replace(b"</main>", f"{planted}</main>".encode())
    assert len(broken_links({**files, "index.html": index})) == 1


def test_nothing_is_loaded_from_elsewhere(full):
    assert loaded_from_outside(full) == []


@pytest.mark.parametrize(
    "planted",
    [
        '<img src="https://example.org/x.png" alt="">',
        '<script src="//example.org/x.js"></script>',
        '<link rel="stylesheet" href="http://example.org/x.css">',
        "<style>p { background: url(x.png) }</style>",
    ],
)
def test_what_is_loaded_from_elsewhere_would_be_found(files, planted):
    index = files["index.html"].replace(b"</main>", f"{planted}</main>".encode())
    assert len(loaded_from_outside({**files, "index.html": index})) == 1


def test_only_the_search_has_scripts(full):
    with_scripts = {path for path, text in html_of(full).items() if Seen(text).all("script")}
    assert with_scripts == {"search.html"}
    handlers = [name for text in html_of(full).values() for _, attrs in Seen(text).tags for name in attrs]
    assert not [name for name in handlers if name.startswith("on")]


def test_headings_are_in_order_and_ids_are_unique(full):
    for path, text in html_of(full).items():
        seen = Seen(text)
        levels = [int(tag[1]) for tag, _ in seen.tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), path
        assert len(seen.ids) == len(set(seen.ids)), path


def test_each_figure_has_an_alternative_and_the_text_under_it(full):
    figures = 0
    for path, text in html_of(full).items():
        seen = Seen(text)
        for image in seen.all("img"):
            figures += 1
            assert image["alt"].strip(), path
            assert image["aria-describedby"] in seen.ids, path
            assert image["src"].startswith("data:image/png;base64,"), path
    stored = sum(path.read_text().count("mldebt-figure") for path in ROOT.glob("notebooks/[0-9]*.ipynb"))
    assert figures == stored > 5
    limit = full["notebooks/02-set-a-limit.html"].decode()
    assert '<p id="figure-1-says">The bars left of the dashed line stay active' in limit


def stored_texts(path):
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            yield output.get("data", {}).get("text/plain", "")


def test_a_live_widget_is_its_text_and_one_line(files):
    widgets = 0
    for name in NAMES:
        texts = [text for text in stored_texts(ROOT / "notebooks" / f"{name}.ipynb") if LIVE in text]
        page = files[f"notebooks/{name}.html"].decode()
        assert page.count('class="output live"') == page.count("open the notebook in JupyterLab") == len(texts)
        assert LIVE not in page
        widgets += len(texts)
        shown = " ".join("".join(Seen(page).text).split())
        for text in texts:
            assert " ".join(text.split(LIVE)[0].split()) in shown
    assert widgets > len(NAMES)


def test_a_verdict_is_read_once(files):
    assert files["notebooks/00-start-here.html"].decode().count("Your answer counts all files") == 1


def test_the_index_holds_the_headers_of_the_units(files):
    seen = Seen(files["index.html"].decode())
    text = " ".join("".join(seen.text).split())
    links = [attrs["href"] for attrs in seen.all("a")]
    for name in NAMES:
        about = units.header(name)
        for said in [about["title"], about["summary"], f"{about['minutes']} minutes", *about.get("objectives", [])]:
            assert " ".join(re.sub("[`*]", "", said).split()) in text
        assert links.count(f"notebooks/{name}.html") == links.count(f"exercises/{name}.html") == 1


def test_the_way_through_the_course(files):
    """Next leads from the first lesson over every lesson and exercise to the last, and previous leads back."""

    def turn(page, way):
        found = [attrs["href"] for attrs in Seen(files[page].decode()).all("a") if attrs.get("rel") == way]
        return normpath(join(dirname(page), found[0])) if found else None

    wanted = [f"{folder}/{name}.html" for name in NAMES for folder in ("notebooks", "exercises")]
    way = [wanted[0]]
    while following := turn(way[-1], "next"):
        way.append(following)
    assert way == wanted
    assert [turn(page, "prev") for page in wanted] == [None, *wanted[:-1]]


def test_the_contents_of_a_page_are_its_headings(files):
    for path, text in html_of(files).items():
        if "/" in path:
            wanted = re.findall(r'<h2 id="([^"]*)"', text)
            contents = re.search(r'<nav aria-label="On this page">(.*?)</nav>', text, re.DOTALL)
            listed = re.findall(r'href="#([^"]*)"', contents[1]) if contents else []
            assert [unquote(id) for id in listed] == wanted


# --- solutions


def test_solutions_are_left_out_unless_asked_for(files):
    assert not [path for path in files if "solution" in path]
    everything = b"".join(files.values()).decode()
    assert "solutions/" not in everything
    answers = 0
    for name in NAMES:
        shown = "".join(Seen(files[f"exercises/{name}.html"].decode()).text)
        for code in units.load(name).solutions.values():
            if len(code) > 40:  # a shorter one, such as `answer_2 = "A"`, may stand in the question
                answers += 1
                assert code.strip() not in shown
    assert answers > 3


def test_with_solutions_only_their_exercise_leads_to_them(full, files):
    for name in NAMES:
        page = full[f"solutions/{name}.html"].decode()
        assert "This page gives the answers away." in page
        assert "<title>Solution of Exercise" in page
        assert '<meta name="robots" content="noindex">' in page
        leading = {
            path
            for path, text in html_of(full).items()
            for attrs in Seen(text).all("a")
            if attrs["href"].endswith(f"solutions/{name}.html")
        }
        assert leading == {f"exercises/{name}.html"}
    assert full["assets/search-index.js"] == files["assets/search-index.js"]


# --- search


def indexed(files):
    text = files["assets/search-index.js"].decode()
    return json.loads(text.removeprefix("const PLACES = ").removesuffix(";\n"))


def test_every_word_of_a_text_is_found_on_its_page(files):
    places = indexed(files)
    for folder in ("notebooks", "exercises"):
        for name in NAMES:
            own = [place for place in places if place["url"].startswith(f"{folder}/{name}.html#")]
            text = " ".join(f"{place['heading']} {place['text']}" for place in own).lower()
            for cell in nbformat.read(ROOT / folder / f"{name}.ipynb", as_version=4).cells:
                plain = re.sub(r"\]\([^)]*\)", "] ", cell.source)
                missing = [word for word in re.findall(r"[a-z]{3,}", plain.lower()) if word not in text]
                assert missing == [], f"{folder}/{name} {cell.id}"


def test_every_place_is_on_a_page(files):
    pages = html_of(files)
    for place in indexed(files):
        path, _, fragment = place["url"].partition("#")
        assert unquote(fragment) in Seen(pages[path]).ids
        assert place["title"] in "".join(Seen(pages[path]).text)


def test_what_a_place_holds(tiny):
    table = "<style>p { color: red }</style><table><tr><td>one</td><td>two</td></tr></table>"
    figure = f'<img alt="Figure: rising sales." src="data:image/png;base64,{PNG}">'
    code = new_code_cell("model_versions = {'a': 1}\nprint(len(model_versions))")
    cells = ["# Title\nFirst\nline.", shows(html=table), "## Part `x`\n- a\n- b", shows(html=figure), "Below.", code]
    own = [place for place in indexed(tiny(*cells)) if place["url"].startswith("notebooks/")]
    assert [(place["title"], place["heading"], place["text"]) for place in own] == [
        ("Title", "Title", "First line. one two"),
        ("Title", "Part x", "a b Figure: rising sales. Below. model_versions = {'a': 1} print(len(model_versions))"),
    ]
    assert [place["url"] for place in own] == ["notebooks/07-tiny.html#Title", "notebooks/07-tiny.html#Part-x"]


# --- notebooks that are not as ours are


@pytest.fixture
def tiny(tmp_path):
    """Make the pages of a course of one unit whose lesson is made of the given cells."""
    folder = tmp_path / "units" / "07_tiny"
    folder.mkdir(parents=True)
    (folder / "lesson.md").write_text("---\ntitle: Tiny\nsummary: Small.\nminutes: 1\n---\n")
    for name in ("notebooks", "exercises", "solutions"):
        (tmp_path / name).mkdir()
        nbformat.write(new_notebook(cells=[new_markdown_cell("# Tiny")]), tmp_path / name / "07-tiny.ipynb")

    def pages(*cells, **options):
        lesson = new_notebook(cells=[cell if isinstance(cell, dict) else new_markdown_cell(cell) for cell in cells])
        nbformat.write(lesson, tmp_path / "notebooks" / "07-tiny.ipynb")
        return make(tmp_path, folder=tmp_path / "units", **options)

    pages.root = tmp_path
    return pages


def lesson(files):
    return files["notebooks/07-tiny.html"].decode().split("<main")[1].split("<nav")[0]


def shows(**data):
    kinds = {"png": "image/png", "html": "text/html", "text": "text/plain"}
    return new_code_cell("", outputs=[new_output("display_data", {kinds.get(k, k): v for k, v in data.items()})])


PNG = "iVBORw0KGgo="
REFUSED = {
    "a page that is not there": (["# T\n[x](../notebooks/08-none.ipynb)"], "links to '../notebooks/08-none.ipynb'"),
    "a file of the course": (["# T\n[x](../README.md)"], "links to '../README.md', which is no page of the site"),
    "above the course": (["# T\n[x](../../../etc/passwd)"], "which is no page of the site"),
    "no place": (["# T\n[x](#Nowhere)"], "links to '#Nowhere', and that page has no such place"),
    "a script for a link": (['# T\n<a href="javascript:alert(1)">x</a>'], "neither a page of the site nor on the web"),
    "a file of the machine": (["# T\n[x](file:///etc/passwd)"], "neither a page of the site nor on the web"),
    "another host": (['# T\n<a href="//example.org/x">x</a>'], "neither a page of the site nor on the web"),
    "no address": (['# T\n<a href="http://[">x</a>'], "which is no address"),
    "a picture from outside": (["# T\n![x](https://example.org/x.png)"], "loads 'https://example.org/x.png'"),
    "a picture that is missing": (["# T\n![x](missing.png)"], "loads 'missing.png'; keep the file in the folder"),
    "a frame": (["# T", shows(html='<iframe src="https://example.org"></iframe>')], "holds a <iframe>"),
    "a style sheet": (["# T", shows(html='<link rel="stylesheet" href="x.css">')], "holds a <link>"),
    "a style that loads": (["# T", shows(html="<style>p { background: url(http://x) }</style>")], "has a style that"),
    "an attribute that loads": (["# T", shows(html='<p style="background: URL( x.png )">x</p>')], "has a style that"),
    "a drawing that loads": (
        ["# T", shows(html='<svg><image href="http://x/y.png"/></svg>')],
        "loads 'http://x/y.png'",
    ),
    "no heading": (["Only text."], "has no heading, which its page needs as a title"),
    "a figure unexplained": (["# T", shows(png=PNG)], "has a figure, number 1, without a sentence under it"),
}


@pytest.mark.parametrize(("cells", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_shown_is_one_sentence(tiny, cells, said):
    with pytest.raises(SiteError) as raised:
        tiny(*cells)
    assert said in str(raised.value)
    assert "notebooks/07-tiny.ipynb " in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("content", ["{", "", "3", '{"nbformat": 4}', b"\xff\xfe", '{"nbformat": 4, "cells": [3]}'])
def test_a_damaged_notebook_is_one_sentence(tiny, content):
    path = tiny.root / "exercises" / "07-tiny.ipynb"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SiteError, match=r"exercises/07-tiny.ipynb is a damaged notebook \(.*\); run: mldebt build$"):
        tiny("# T")


def test_a_notebook_that_is_not_there(tiny):
    (tiny.root / "exercises" / "07-tiny.ipynb").unlink()
    with pytest.raises(SiteError, match=r"exercises/07-tiny.ipynb is not there; run: mldebt build$"):
        tiny("# T")


def test_a_figure_without_an_alternative_gets_the_sentence_under_it(tiny):
    below = "Sales rise by 1.5 percent. Then\nthey fall."
    for figure in (shows(png=PNG), shows(html=f'<img src="data:image/png;base64,{PNG}">')):
        assert 'alt="Sales rise by 1.5 percent."' in lesson(tiny("# T", figure, below))


def test_two_figures_over_one_paragraph(tiny):
    image = f'<img alt="Figure" src="data:image/png;base64,{PNG}">'
    page = lesson(tiny("# T", shows(html=image * 2), "Both rise."))
    assert page.count('aria-describedby="figure-1-says"') == 2
    assert page.count('<p id="figure-1-says">Both rise.') == 1


def test_a_picture_beside_the_notebook_becomes_part_of_the_page(tiny):
    (tiny.root / "notebooks" / "plan.png").write_bytes(b"png")
    assert '<img alt="The plan" src="data:image/png;base64,cG5n"/>' in lesson(tiny("# T\n![The plan](plan.png)"))


def test_scripts_are_taken_out(tiny):
    html = '<p onclick="steal()">kept</p><script>steal()</script>'
    page = lesson(tiny("# T <img src=data: alt=x onerror=steal()>", shows(html=html)))
    assert "kept" in page
    assert "steal" not in page


def test_what_was_printed_is_no_html(tiny):
    printed = new_code_cell("", outputs=[new_output("stream", name="stdout", text="<b>&amp;</b>\x1b[31mred\x1b[0m")])
    failed = new_output("error", ename="E", evalue="<i>", traceback=["<i>no</i>"])
    page = lesson(tiny("# T", printed, new_code_cell("x = '<u>'", outputs=[failed])))
    assert '&lt;b&gt;&amp;amp;&lt;/b&gt;<span class="ansi-red-fg">red</span>' in page
    assert "&lt;i&gt;no&lt;/i&gt;" in page
    assert "<u>" not in page


def test_a_widget_that_was_saved_alive_is_its_text(tiny):
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "x", "version_major": 2, "version_minor": 0}}
    page = lesson(tiny("# T", shows(text="1. Why?\n\nRun this cell in JupyterLab to answer.", **view), shows(**view)))
    assert page.count('class="output live"') == 2
    assert "1. Why?</pre><p>This is the text of a live part: open the notebook in JupyterLab to answer.</p>" in page
    assert "to see its output." in page


def test_tables_and_styles_of_outputs(tiny):
    """The empty corner of a table of pandas is no header, and a style that comes with every output stands once."""
    box = "<style>.box { margin: 0 }</style><table><tr><th></th><th>a</th></tr></table>"
    page = lesson(tiny("# T", shows(html=box), shows(html=box)))
    assert page.count("<tr><td></td><th>a</th></tr>") == 2
    assert page.count("<style>") == 1
    assert page.count('role="group" tabindex="0"') == 2, "what may be too wide can be scrolled by keyboard"


def test_headings_that_jump_or_repeat(tiny):
    page = lesson(tiny("## First\n\n# Second\n\n#### Third\n\n## Second-2\n\n## Second\n\n[back](#Second-3)"))
    assert re.findall(r"<(h\d) id=\"([^\"]*)\"", page) == [
        ("h1", "First"),
        ("h2", "Second"),
        ("h3", "Third"),
        ("h2", "Second-2"),
        ("h2", "Second-3"),
    ]


def test_a_link_to_a_solution_that_is_left_out_is_text(tiny):
    linked = "# T\nSee [the solution](../solutions/07-tiny.ipynb)."
    assert "See the solution." in lesson(tiny(linked))
    assert 'See <a href="../solutions/07-tiny.html">the solution</a>.' in lesson(tiny(linked, solutions=True))


def test_links_to_the_web_stay_as_they_are(tiny):
    page = lesson(tiny("# T\n[paper](https://example.org/a?b=1#c) and [mail](mailto:x@example.org)"))
    assert 'href="https://example.org/a?b=1#c"' in page
    assert 'href="mailto:x@example.org"' in page


# --- the folder


def tree(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_site_is_written_and_its_list_with_it(files, tmp_path):
    write(files, tmp_path / "a" / "b")
    found = tree(tmp_path / "a" / "b")
    assert found.pop(LIST).decode().split() == sorted(files)
    assert found == files


def test_what_an_earlier_site_left_is_removed_and_what_is_not_ours_is_kept(files, full, tmp_path):
    write(full, tmp_path)
    (tmp_path / "CNAME").write_text("ours.example")
    write(files, tmp_path)
    assert set(tree(tmp_path)) == {*files, LIST, "CNAME"}
    assert not (tmp_path / "solutions").exists()


def test_a_folder_with_something_else_is_refused(files, tmp_path):
    (tmp_path / "thesis.txt").write_text("all of it")
    with pytest.raises(SiteError, match=r"holds thesis.txt, which is no part of a site; choose another folder"):
        write(files, tmp_path)
    assert set(tree(tmp_path)) == {"thesis.txt"}


def test_a_list_that_names_a_file_elsewhere_deletes_nothing_there(files, tmp_path):
    outside = tmp_path / "thesis.txt"
    outside.write_text("all of it")
    out = tmp_path / "out"
    write(files, out)
    (out / LIST).write_text(f"../thesis.txt\n{outside}\n")
    write(files, out)
    assert outside.read_text() == "all of it"


def test_a_folder_under_version_control_may_be_written(files, tmp_path):
    (tmp_path / ".git").mkdir()
    write(files, tmp_path)
    assert (tmp_path / "index.html").is_file()


# --- the command


def run(*arguments):
    result = CliRunner().invoke(site, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def test_the_command(tmp_path):
    out = tmp_path / "out"
    result = run("--root", ROOT, "--out", out, "--solutions")
    assert result.exit_code == 0
    assert f"begin with {out / 'index.html'}." in result.output
    assert tree(out).keys() >= {f"solutions/{name}.html" for name in NAMES}


def test_bad_input_is_one_sentence(tmp_path):
    nothing = run("--root", tmp_path, "--out", tmp_path / "out")
    assert nothing.exit_code == 1
    assert nothing.stderr == f"Error: {tmp_path}/notebooks/{NAMES[0]}.ipynb is not there; run: mldebt build.\n"
    assert not (tmp_path / "out").exists()
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "y").write_text("")
    assert "holds y, which is no part of a site" in run("--root", ROOT, "--out", tmp_path / "x").stderr
    below = run("--root", ROOT, "--out", tmp_path / "x" / "y" / "z")
    assert below.exit_code == 1
    assert below.stderr.count("\n") == 1
    for wrong in (["--out", tmp_path / "x" / "y"], ["--port", "80"], ["--serve", "--port", "x"], ["--root", "nowhere"]):
        assert run(*wrong).exit_code == 2


SERVE = [sys.executable, "-c", "from mldebt.cli.site import site; site()", "--root", str(ROOT), "--serve"]


def test_serve_shows_the_site_until_it_is_interrupted(tmp_path):
    with subprocess.Popen(
        [*SERVE, "--out", tmp_path / "out", "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as running:
        try:
            said = [running.stdout.readline(), running.stdout.readline()]
            url = re.search(r"http://127\.0\.0\.1:\d+/", said[1])[0]
            with urllib.request.urlopen(f"{url}notebooks/{NAMES[0]}.html") as answer:
                assert answer.read() == (tmp_path / "out" / "notebooks" / f"{NAMES[0]}.html").read_bytes()
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(f"{url}..%2f..%2fetc/passwd")
        finally:
            running.send_signal(signal.SIGINT)
        assert running.wait(10) == 0


def test_a_port_that_is_taken_is_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("--root", ROOT, "--out", tmp_path / "out", "--serve", "--port", port)
    assert result.exit_code == 1
    assert f"Error: Port {port} cannot be used: Address already in use; choose one with --port." in result.stderr
