//! Two texts of a prompt → rows with word spans. The terminal, the workbench and every other surface draw the same rows.
//!
//! Pure: no terminal, network, file system or clock.
