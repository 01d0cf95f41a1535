from django.urls import URLPattern, path

from antigone.convention.views import writing

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/propositions/", writing.proposals, name="proposals"),
]
