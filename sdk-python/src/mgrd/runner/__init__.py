"""Runs a module folder as a module process: `python -m mgrd.runner FOLDER`."""
