"""The parts that the benchmark commands share: cohorts, environments, measuring and printing."""
