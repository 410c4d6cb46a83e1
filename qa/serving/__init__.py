"""What stands between a port and everything that answers behind it."""
