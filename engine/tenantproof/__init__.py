"""Policy-as-code for the security requirements on Cloud Solution Provider partners."""
