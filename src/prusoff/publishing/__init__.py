"""Results as files that people open: JSON, CSV, XLSX, HTML."""
