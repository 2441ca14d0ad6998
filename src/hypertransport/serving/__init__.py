"""How many clients are served at once: batches of requests, each with a concept of its own."""
