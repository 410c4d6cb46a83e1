"""What the lines of a page are: headline, byline, dateline, boilerplate or text."""
