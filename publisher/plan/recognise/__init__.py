"""Somebody's communication plan, recognised as a draft of ours."""
