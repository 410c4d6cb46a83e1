"""Scripts whose words are not set apart by spaces, or carry their endings with them."""

UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
"""For the brackets of a pattern: Thai, Lao, Burmese, Khmer, Japanese, Chinese and Korean."""
