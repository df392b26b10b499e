"""The face of the project as package data: tokens, components, fonts, icons, catalogues."""
