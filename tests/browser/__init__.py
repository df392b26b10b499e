"""Pages in a real Chromium, over servers that answer in the shapes of `wire`."""
