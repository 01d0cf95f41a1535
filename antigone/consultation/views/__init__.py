"""The pages of a consultation: request → form → one action → template."""
