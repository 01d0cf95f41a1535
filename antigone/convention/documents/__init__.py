"""The avis as it is read: what is in it, and the files made of it."""
