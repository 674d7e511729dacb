"""The room in which a stranger's cells run: a warm process that forks one confined child per submission.

Nothing here knows an answer: no unit, no check, no other submission is imported or mounted. The judge speaks to
it over a socket in frames of `mldebt.wire`.
"""
