"""What an instructor hands out: bundles for students, for otter and for staff."""
