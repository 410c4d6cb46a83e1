"""Text → vectors: encoders, and how their models are read and run."""
