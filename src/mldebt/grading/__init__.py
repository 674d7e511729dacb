"""Submissions to outcomes. `own` runs a notebook of one's own in a kernel; `run` judges a class, in sandboxes."""
