"""The log's past, played into a picture of its own at a chosen speed."""
