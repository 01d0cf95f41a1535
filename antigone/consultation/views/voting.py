"""Being built."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from antigone.consultation.views.casting import cast
from antigone.consultation.views.people import get_consultation
from antigone.consultation.views.shell import render_place


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    if request.method == "POST":
        return cast(request, slug)
    consultation = get_consultation(request, slug)
    return render_place(request, "consultation/page.html", consultation, {}, place="consultation:vote")
