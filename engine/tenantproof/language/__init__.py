"""The policy language: expressions, operators, instants and durations."""
