"""Tests against DynamoDB Local, AWS's own: `make test-dynamodb`."""
