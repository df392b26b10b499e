"""A centre's day and a fleet of virtual devices and visitors."""
