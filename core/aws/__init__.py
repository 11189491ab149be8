"""The adapters: all of boto3 is here."""
