"""The judge: starts rooms, runs submissions in them and asks for values. It imports nothing of a learner's."""
