"""Feedback in a zip that Canvas or Moodle takes back, one for each unit.

Canvas ("Upload submissions") finds the learner by the numbers in the file's name and shows the file under the name
that the learner gave it: a notebook, so what goes back is one, with the page as its only output. Moodle ("Upload
multiple feedback files in a zip") finds the learner by the folder, and takes any file.
"""

import json
import zipfile
from pathlib import Path

from mldebt.grading.lms import CANVAS, MOODLE, sender
from mldebt.grading.mark import Mark
from mldebt.grading.page import pages
from mldebt.grading.submission import known_units
from mldebt.grading.who import NOTHING_KNOWN, Who

PLATFORMS = (CANVAS, MOODLE)


def zip_of(unit: str, folder: Path, platform: str) -> Path:
    """Return the place of a unit's zip for a platform."""
    return folder / f"{unit}-{platform}.zip"


def write_zips(
    marks: list[Mark], folder: Path, platform: str, who: Who = NOTHING_KNOWN
) -> tuple[list[Path], list[Mark]]:
    """Write `UNIT-PLATFORM.zip` for each unit; return the zips, and the marks whose files the platform never named."""
    members: dict[str, dict[str, str]] = {}
    left = []
    template = "feedback.html" if platform == CANVAS else "unit.html"
    for mark, page in pages(marks, who, template):
        by = sender(mark.file)
        if by is None or by.platform != platform:
            left.append(mark)
        elif platform == CANVAS:
            members.setdefault(mark.unit, {})[by.file] = _notebook(page)
        else:
            members.setdefault(mark.unit, {})[f"{by.folder}/{mark.unit}-feedback.html"] = page
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for unit, pages_of in sorted(members.items()):
        path = zip_of(unit, folder, platform)
        unfinished = path.with_suffix(".part")
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as made:
            for name, content in sorted(pages_of.items()):
                # A time of its own would make another zip of equal marks.
                made.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
        unfinished.replace(path)
        written.append(path)
    return written, [mark for mark in left if mark.unit in known_units()]


def _notebook(page: str) -> str:
    data = {"text/html": page, "text/plain": "Feedback, to be read in JupyterLab or Jupyter Notebook."}
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    cell = {
        **{"cell_type": "code", "id": "feedback", "source": "", "metadata": {}},
        **{"execution_count": None, "outputs": [output]},
    }
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1) + "\n"
