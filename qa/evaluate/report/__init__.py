"""Runs → pages, plots and tables for people."""
