"""One module for each command of the `tacho` command line."""
