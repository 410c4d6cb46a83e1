"""The Library tab: add files by drag and drop, find, read and remove articles, change libraries."""

from qa.chat.shelf.tab import build_shelf

__all__ = ["build_shelf"]
