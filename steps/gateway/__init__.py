"""Steps about gateways: what they record of the devices behind them, and what goes through them."""
