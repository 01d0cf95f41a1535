"""Style sheets, scripts and fonts, served without leaving the world that the request came in."""

from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware


class Assets(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, which is synchronous and would cost every request a change of thread."""

    async_capable = sync_capable = True

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        return self.answer(request) if iscoroutinefunction(self) else super().__call__(request)

    async def answer(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        asset = self.find_file(path) if self.autorefresh else self.files.get(path)
        if asset is None:
            response: HttpResponseBase = await self.get_response(request)
            return response
        return _whole(self.serve(asset, request))


def _whole(response: HttpResponseBase) -> HttpResponse:
    """Read the asset at once: the largest is some ten kilobytes, and files cannot be streamed here."""
    content = (
        b"".join(response.streaming_content) if response.streaming else getattr(response, "content", b"")
    )
    response.close()
    return HttpResponse(content, status=response.status_code, headers=response.headers)
