"""The head-end role: associations, reads, writes and the requests of Actor A."""
