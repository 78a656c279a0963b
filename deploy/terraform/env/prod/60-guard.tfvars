budget_usd = 1500
# Production runs at night; `tacho aws off` is there when it must not.
night_off = null
timezone  = "Europe/Berlin"
