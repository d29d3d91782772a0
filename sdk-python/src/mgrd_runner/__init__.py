"""Runs a module folder as a module process: `python -m mgrd_runner FOLDER`."""
