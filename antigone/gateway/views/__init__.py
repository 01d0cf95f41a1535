"""The pages of developers: keys, limits, what was used, the playground, the engines."""
