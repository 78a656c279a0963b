"""What `tacho aws` can be asked for, a module for each kind of question."""
