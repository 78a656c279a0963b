"""How the result of a backtest is shown."""
