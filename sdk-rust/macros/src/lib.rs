//! The attributes of mgrd-sdk.
