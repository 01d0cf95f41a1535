"""The addresses of a person's account; the names that begin with `account_` beside ours are allauth's."""

from django.urls import URLPattern, URLResolver, include, path

from antigone.accounts import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.profile, name="account_profile"),
    path("langue/", views.choose_language, name="account_language"),
    path("demo/", views.demo, name="account_demo"),
    path("", include("allauth.account.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("", include("allauth.mfa.urls")),
]
