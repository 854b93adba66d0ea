"""The helpers of the tests: cohorts, courses, boxes, attacks and hostile inputs."""
