"""The goals as linear expressions over the free actions, one per file, in the strict order of `solver.score`."""
