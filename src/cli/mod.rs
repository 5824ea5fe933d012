//! The commands: one file each, resolve → compute → print. A command holds no logic that a screen needs too.
