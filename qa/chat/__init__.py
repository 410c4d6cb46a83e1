"""The page: the conversation, its sources, the library and evaluations."""
