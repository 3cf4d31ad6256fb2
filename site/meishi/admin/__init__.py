"""The owner's study: everything below /admin/, behind one door."""
