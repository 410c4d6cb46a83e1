"""The library as tools for agents, over the Model Context Protocol."""

from qa.serving.mcp.server import build_server, mount_mcp, serve_stdio

__all__ = ["build_server", "mount_mcp", "serve_stdio"]
