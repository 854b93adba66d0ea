"""The attack suite at work: hand every attack in, grade for real, and see the consequences.

An attack is a file in `tests/attacks/<group>/`, a submission that would get its honest points if
its attack did nothing. `levels` grades the suite at an isolation level, `table` prints the results.
"""
