"""What a draft of the rules would have led to: the log judged once more, by the published rules and by the draft.

Both go through the engine that judges live; nothing is sent. `command` is the way in.
"""
