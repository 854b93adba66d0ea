"""Feedback: the pages for students that `gradpath feedback` writes."""
