"""The guestbook: entries, their store and the rules that keep it clean; knows no Flask and no sockets."""
