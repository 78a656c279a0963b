# MSK demo and one EMR node left on for a whole month are about 270 dollars: the first warning comes within nine days.
budget_usd = 100
night_off  = "cron(0 20 * * ? *)"
timezone   = "Europe/Berlin"
