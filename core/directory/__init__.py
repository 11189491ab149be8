"""The directory as files: a page to read, CSV, XLSX, JSON and vCards. Pure: values -> bytes by S3 key."""
