"""How learning platforms name what learners handed in, as their own code writes it.

Canvas, "Download submissions": `abelanna_LATE_101_9001_03-keep-the-best.ipynb`: the name that it sorts by in small
letters without spaces, LATE where it is late, the user, the attachment, the file. Moodle, "Download all submissions":
`Anna Abel_657737_assignsubmission_file/03-keep-the-best.ipynb`: the full name, the participant, the plugin; releases
before 4.1 have one more underscore, and those before 3.1 the file itself behind it.
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

CANVAS, MOODLE = "canvas", "moodle"
_CANVAS = re.compile(r"(?P<name>[^_].*?)(?P<late>_LATE)?_(?P<user>\d+)_(?P<attachment>\d+)_(?P<rest>.+)", re.DOTALL)
_ANONYMOUS = re.compile(r"(?P<late>LATE_)?(?P<name>anon)_(?P<user>[^_]+)_(?P<attachment>\d+)_(?P<rest>.+)", re.DOTALL)
_MOODLE = re.compile(r"(?P<name>[^_]+)_(?P<user>\d+)_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<rest>.*))?", re.DOTALL)


@dataclass(frozen=True)
class Sender:
    """Whom a platform's file name names.

    `user` is the platform's own id, `attachment` Canvas's number of the upload (0 elsewhere), `folder` Moodle's name
    of the learner's folder, `file` the name as the platform wrote it, `plugin` what kind of answer Moodle holds.
    """

    platform: str
    name: str
    user: str
    file: str
    late: bool = False
    attachment: int = 0
    folder: str = ""
    plugin: str = "file"


def sender(path: str) -> Sender | None:
    """Read who handed in the file at `path`; None where no platform has named it."""
    parts = PurePosixPath(path).parts
    for part in parts:
        if found := _MOODLE.fullmatch(part):
            folder = part[: found.start("rest")] if found["rest"] else part
            return Sender(MOODLE, found["name"], found["user"], parts[-1], folder=folder, plugin=found["plugin"])
    file = parts[-1] if parts else ""
    # A name in Canvas holds no `_number_`: Canvas takes it out, because it reads these names back.
    if found := _ANONYMOUS.fullmatch(file) or _CANVAS.fullmatch(file):
        late = found["late"] is not None
        return Sender(CANVAS, found["name"], found["user"], file, late, int(found["attachment"][:18]))
    return None
