"""What `flask check` looks at, each noun in a file of its own."""
