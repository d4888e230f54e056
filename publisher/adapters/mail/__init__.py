"""Mail over SMTP: the hot path."""
