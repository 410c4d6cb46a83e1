"""The REST API: what the command line does, over HTTP, with the same JSON."""

from qa.serving.api.application import build_api

__all__ = ["build_api"]
