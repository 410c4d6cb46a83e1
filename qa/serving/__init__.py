"""The front ends: the command line, the server with its page, API and tools for agents."""
