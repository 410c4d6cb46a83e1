"""The chat: a page to ask your articles in, served on your own machine."""

from qa.chat.server import launch

__all__ = ["launch"]
