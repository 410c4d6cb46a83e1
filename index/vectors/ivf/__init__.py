"""The engine of large libraries: vectors in trained clusters."""
