"""Plain typed functions that make one record each, without surprising behaviour; one file per package."""
