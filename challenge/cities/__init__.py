"""City profiles and the data set of municipalities."""
