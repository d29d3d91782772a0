//! Runs a module in a unit test.
