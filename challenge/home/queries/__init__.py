"""What the home pages read, one module per page or section."""
