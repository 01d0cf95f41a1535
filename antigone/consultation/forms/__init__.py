"""What people type in a consultation."""
