"""The outside world of `tacho aws`: boto3 clients and processes, each behind a few words of our own."""
