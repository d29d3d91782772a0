"""Runs in each process that a module starts with multiprocessing, so that it can import what the module can."""

from os import environ

from mgrd.runner._package import importable_again

importable_again(environ["MGRD_MODULE_DIR"])
