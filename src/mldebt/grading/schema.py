"""The tables of a gradebook's file, and how a file of an earlier format gets those that it lacks."""

FORMAT = "4"
"""An older program refuses a file of a newer format: it would count points that were withdrawn."""

_TABLES = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE verdict (
  id INTEGER PRIMARY KEY, submission TEXT NOT NULL, unit TEXT NOT NULL, version TEXT NOT NULL, seed TEXT NOT NULL,
  walls INTEGER NOT NULL, notes TEXT NOT NULL, time TEXT NOT NULL,
  UNIQUE (submission, unit, version, seed, walls));
CREATE TABLE outcome (
  verdict INTEGER NOT NULL REFERENCES verdict, place INTEGER NOT NULL, question TEXT NOT NULL, status TEXT NOT NULL,
  earned REAL NOT NULL, points REAL NOT NULL, message TEXT NOT NULL, misconception TEXT, line TEXT,
  PRIMARY KEY (verdict, place)) WITHOUT ROWID;
CREATE TABLE mark (
  id INTEGER PRIMARY KEY, learner TEXT NOT NULL, unit TEXT NOT NULL, file TEXT NOT NULL,
  verdict INTEGER REFERENCES verdict, problem TEXT NOT NULL, message TEXT NOT NULL, notes TEXT NOT NULL,
  handed_in TEXT NOT NULL, penalty REAL NOT NULL, time TEXT NOT NULL);
CREATE INDEX mark_of ON mark (learner, unit, id);
CREATE TABLE work (
  submission TEXT NOT NULL, unit TEXT NOT NULL, question TEXT NOT NULL, source TEXT NOT NULL,
  PRIMARY KEY (submission, unit, question)) WITHOUT ROWID;
CREATE TABLE ruling (
  id INTEGER PRIMARY KEY, learner TEXT NOT NULL, unit TEXT NOT NULL, question TEXT NOT NULL, earned REAL,
  reason TEXT NOT NULL, comment TEXT NOT NULL, time TEXT NOT NULL);
CREATE INDEX ruling_on ON ruling (learner, unit, question, id);
CREATE VIEW counts AS SELECT * FROM mark WHERE id IN (SELECT max(id) FROM mark GROUP BY learner, unit);
"""
_EXCLUSIONS = """
CREATE TABLE exclusion (
  id INTEGER PRIMARY KEY, learner TEXT NOT NULL, out INTEGER NOT NULL, reason TEXT NOT NULL, time TEXT NOT NULL);
CREATE VIEW excluded AS
  SELECT * FROM exclusion WHERE out AND id IN (SELECT max(id) FROM exclusion GROUP BY learner);
"""


# A ruling without points and without a comment withdraws those before it.
_STANDING = """
CREATE VIEW standing AS
  SELECT * FROM ruling r WHERE (earned IS NOT NULL OR comment <> '') AND NOT EXISTS (
    SELECT 1 FROM ruling w WHERE w.learner = r.learner AND w.unit = r.unit AND w.question = r.question
    AND w.id > r.id AND w.earned IS NULL AND w.comment = '');
"""


def new() -> list[str]:
    """Return the statements that make an empty gradebook."""
    return [*_made(_TABLES, "verdict", "outcome", "mark", "work", "ruling"), *SINCE["2"]]


def _made(text: str, *tables: str) -> list[str]:
    """Return the statements of a text, and those that let rows of the tables be added and never changed."""
    return [statement for statement in text.split(";\n") if statement.strip()] + [
        f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the gradebook is added to, never changed'); END"
        for table in tables
        for verb in ("UPDATE", "DELETE")
    ]


SINCE = {"2": [*_made(_EXCLUSIONS, "exclusion"), *_made(_STANDING)], "3": _made(_STANDING)}
"""The statements that bring a file of an earlier format up to this one."""
