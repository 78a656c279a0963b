"""What tacho is measured against: short, idiomatic programs on the same topics, each run as `-m benchmarks.peers.NAME`.

They import nothing of tacho: contracts are read from the schema files, rules and gears are written out again.
"""
