"""Pure mathematics of deciding: arrays in, arrays out, no domain words, no clock, no database."""
