"""Downloads as Canvas and Moodle make them, from notebooks."""

import json
import zipfile

from classroom import UNIT

DOWNLOAD = (2026, 12, 2, 9, 0, 0)
"""When the zip was made: both platforms give every file this time."""


def pack(path, members):
    """Write a zip of (name, content) or (name, content, time) and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as made:
        for name, content, *time in members:
            data = content if isinstance(content, str | bytes) else json.dumps(content)
            info = zipfile.ZipInfo(name, time[0] if time else DOWNLOAD)
            made.writestr(info, data, zipfile.ZIP_DEFLATED)
    return path


def on_canvas(name, user, attachment, late=False, file=f"{UNIT}.ipynb"):
    """Name a file as Canvas does. `name` is the name that Canvas sorts by, such as "Abel, Anna"."""
    plain = "".join(sign for sign in name.lower() if sign.isalnum() or sign == "_")
    return "_".join([plain, *(["LATE"] if late else []), str(user), str(attachment), file])


def on_moodle(name, participant, file=f"{UNIT}.ipynb", plugin="file", tail=""):
    return f"{name}_{participant}_assignsubmission_{plugin}{tail}/{file}"
