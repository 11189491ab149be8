"""AWS in this process: real boto3 clients, answered without a network, with faults on order."""
