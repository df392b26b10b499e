"""Calls said aloud: which one is next, of which clips, and the loudspeaker that plays them."""
