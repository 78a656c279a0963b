size = "demo"
