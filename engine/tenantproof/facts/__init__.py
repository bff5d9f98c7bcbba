"""Facts: collections that the engine derives from others by documented, pure functions."""
