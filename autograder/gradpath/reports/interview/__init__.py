"""Sheets for short talks about submissions, with computed questions and answers."""
