"""The demo's app as an object, for servers that take no factory; and the same behind ASGI."""

from portal.demo.wsgi import from_environment

app = from_environment()
try:
    from a2wsgi import WSGIMiddleware
except ImportError:
    pass
else:
    asgi_app = WSGIMiddleware(app.wsgi_app, workers=8)
