"""One step a file; a step that was published is never changed."""
