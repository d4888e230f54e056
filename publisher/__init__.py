"""Publisher plans, approves, renders, sends and proves an organisation's communications."""

__version__ = "0.1.0"
