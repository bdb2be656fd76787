"""A page that has not changed since the browser kept it is answered with 304 and no body.

The tag is made of the whole text, token of the session included: a page of an earlier sign-in never counts as unchanged.
"""

from flask import Flask, Response, request

from portal.web.assets import short_hash


def add_etags(app: Flask) -> None:
    """Register after the compression, so that it runs before: the tag is the text's, however it is sent."""

    @app.after_request
    def tag(response: Response) -> Response:
        may_be_kept = request.method in ("GET", "HEAD") and response.status_code == 200 and not response.cache_control.no_store
        if may_be_kept and response.mimetype == "text/html" and "ETag" not in response.headers:
            response.set_etag(short_hash(response.get_data()), weak=True)
            if request.if_none_match:
                response.make_conditional(request)
        return response
