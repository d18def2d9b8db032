"""What is kept about people: the register, what one may take away, erasure, holds, retention, backups."""
