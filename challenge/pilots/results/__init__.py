"""What a pilot leaves behind for everybody: outputs, lessons, a kit for the next city, news, and who uses it."""
