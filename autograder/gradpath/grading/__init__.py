"""One submission to one result: oracle, comparison, verdict, diagnosis."""
