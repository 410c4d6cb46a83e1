"""What any part knows of language: sentences and dates as they are written."""
