"""Reports: one module per format, each from a report to pieces of text."""
