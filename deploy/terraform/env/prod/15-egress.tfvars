# nat: one gateway, everything outside is reachable. endpoints: only the AWS interfaces that are called.
mode = "endpoints"
