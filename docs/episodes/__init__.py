"""The pictures of docs/rules.md: for each shipped rule a short drive, judged by the engine and drawn.

`.venv/bin/python -m docs.episodes` draws them anew; a test holds them against the engine and the shipped rules.
"""
