"""Sites that stand somewhere else: made here, then carried by SFTP, S3 or Git."""
