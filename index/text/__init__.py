"""What any part knows of language: sentences, stems, stop words, numbers, names of a calendar."""
