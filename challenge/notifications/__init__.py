"""What is told to whom: messages made from steps, delivered by mail and inbox."""
