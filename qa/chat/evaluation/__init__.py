"""The Evaluate tab: the cases of a library, evaluations and their reports."""
