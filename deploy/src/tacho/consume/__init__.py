"""Reading any topic of the catalogue: the example to copy for a consumer of your own."""
