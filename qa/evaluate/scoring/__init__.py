"""Runs → figures: rankings, answers, abstention, and whether a difference is one."""
