"""Evidence → an answer: dates, agreement, questions as of a date, what was found before."""
