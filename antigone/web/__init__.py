"""The shell of every page: base template, components, theme, static files, middleware. Knows no room."""
