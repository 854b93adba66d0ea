"""From results to people: pages for students, a page about the cohort, gradebooks."""
