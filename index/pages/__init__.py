"""What the lines of a page are: headline, byline, dateline, furniture or text."""
