size = "standard"
