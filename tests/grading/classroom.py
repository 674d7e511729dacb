"""A class on disk: real exercise notebooks, filled in."""

import json
from pathlib import Path

from mldebt import units
from mldebt.build.source import answer_cell
from mldebt.check.source import ANY_MARKER, marker

EXERCISES = Path(__file__).parents[2] / "exercises"
UNIT = "02-set-a-limit"


def notebook(unit=UNIT, answers=None, comment="", extra=()):
    """Return an exercise as JSON, solved except for `answers`; `comment` makes its content unique.

    `extra` are code cells that stand before the first answer. An answer that is None is left as it came.
    """
    loaded = units.load(unit)
    answers = dict.fromkeys(loaded.questions) if answers == "untouched" else answers or {}
    data = json.loads((EXERCISES / f"{unit}.ipynb").read_text(encoding="utf-8"))
    cells = []
    for cell in data["cells"]:
        source = "".join(cell["source"])
        found = ANY_MARKER.search(source) if cell["cell_type"] == "code" else None
        if found:
            cells += [code_cell(text) for text in extra]
            extra = ()
            id = found[1]
            if id in answers:
                source = source if answers[id] is None else f"{marker(id)}\n{answers[id]}"
            else:
                source = answer_cell(loaded, id, solved=True)
            cell["source"] = f"{source}\n# {comment}" if comment else source
        cells.append(cell)
    data["cells"] = cells
    return data


def code_cell(source):
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}


def hand_in(folder, learner, data, unit=UNIT):
    path = folder / learner / f"{unit}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path
