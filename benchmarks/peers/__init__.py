"""What tacho is measured against: short, idiomatic programs on the same topics, each run as `-m benchmarks.peers.NAME`.

They import nothing of tacho: contracts are read from the schema files, rules and gears are written out again. Only the
two whose names begin with `engine` drive tacho's own engine, to see what the alerter adds to it.
"""
