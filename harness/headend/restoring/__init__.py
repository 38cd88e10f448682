"""Changes of the device that are undone when their scenario is over."""
