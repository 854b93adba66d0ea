"""The work of an author: new assignments, the gate, skeletons, notebooks, figures, releases."""
