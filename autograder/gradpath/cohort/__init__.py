"""Many submissions: processes, the store, resuming, lateness, Docker, and the files of a run."""
