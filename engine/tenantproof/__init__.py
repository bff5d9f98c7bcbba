"""Policy-as-code for the security requirements on Cloud Solution Provider partners."""

__version__ = "0.1.0"
