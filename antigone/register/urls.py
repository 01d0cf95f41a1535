from django.urls import URLPattern, URLResolver, path

from antigone.register.views import uses

app_name = "register"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", uses.uses, name="uses"),
    path("declarer/", uses.declare, name="declare"),
    path("<slug:slug>/", uses.use, name="use"),
    path("<slug:slug>/decider/", uses.decide, name="decide"),
]
