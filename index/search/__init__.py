"""Two rankings → one: caches of the engines, ranking and fusion."""
