"""The page that a student gets back: what `gradpath feedback` writes."""
