"""The bundle: a run with everything it rests on in one file, and the same run computed again from it."""
