"""Submissions that misbehave, and a lane of the grader to send them through."""
