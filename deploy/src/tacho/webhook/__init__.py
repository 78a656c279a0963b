"""Episodes to somebody else's endpoint: signed, in order, and again until it says yes."""
