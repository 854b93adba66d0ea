#!/usr/bin/env bash
# PrairieLearn starts this in the grading image. It prints nothing: students may see output.
set -eu
cd /grade/tests
chmod -R go= /grade/tests # a submission runs as another user
mkdir -p -m 700 /grade/results
exec /opt/gradpath/bin/gradpath grade-one /grade/student --as prairielearn --assignment $slug
