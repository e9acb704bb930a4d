"""A small web console over the library: FastAPI, Jinja2 and htmx; each page is a use case and a few lines."""
