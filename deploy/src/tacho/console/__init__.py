"""What `tacho run` shows: a state kept by pure reducers, fed from the topics, drawn by pure functions."""
