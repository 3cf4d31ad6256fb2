"""What happens while a page is open: reloading, and later the guestbook."""
