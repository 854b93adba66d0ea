"""Answers about one submission in the forms of course platforms: one small module for each."""
