"""Course platforms that ask the engine: otter and nbgrader."""
