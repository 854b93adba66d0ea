#!/usr/bin/env bash
# Coursera starts this with the number of the part, and has the submission in /shared/submission.
set -eu
cd /grader
exec /opt/gradpath/bin/gradpath grade-one /shared/submission --as coursera --assignment $slug
