"""HTTP: the page's files, the picture as JSON, and as a stream. Every route is GET or HEAD; nothing can be changed."""
