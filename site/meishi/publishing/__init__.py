"""Turn the app into files: build, check, swap, report."""
