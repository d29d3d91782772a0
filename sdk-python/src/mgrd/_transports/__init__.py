"""How messages reach `mgrd`. Session and feed know only the protocols in `_base`, and are given one of the others."""
