"""What is measured, against what, and the line to reach: see README.md beside this file. ``./run bench`` runs it."""
