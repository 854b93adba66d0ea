"""What the tests share: cohorts, courses, boxes, attacks and hostile inputs."""
