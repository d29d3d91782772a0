//! The real daemon with real modules.
