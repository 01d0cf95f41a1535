from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("allauth.account.urls")),
    path("", include("allauth.usersessions.urls")),
    path("", include("allauth.mfa.urls")),
]
