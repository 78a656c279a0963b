"""The nightly off switch: stops what can be stopped, says what still costs, deletes nothing."""
