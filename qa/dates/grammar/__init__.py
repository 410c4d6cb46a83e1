"""Time expressions: the rules by which words become dates."""
