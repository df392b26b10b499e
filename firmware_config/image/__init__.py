"""A recipe from which a flashable image is built."""
