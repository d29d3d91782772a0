//! Write a module for mgrd in Rust.
