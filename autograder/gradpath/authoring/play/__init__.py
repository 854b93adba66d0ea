"""Pages to play with: one frame for all, and a part that each assignment's author writes."""
