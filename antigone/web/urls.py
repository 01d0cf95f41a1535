"""The addresses that belong to no room."""

from django.urls import path

from antigone.web import views

app_name = "web"
urlpatterns = [
    path("theme.css", views.theme, name="theme"),
    path("logo", views.logo, name="logo"),
    path("favicon.svg", views.favicon, name="favicon"),
    path("robots.txt", views.robots, name="robots"),
    path("health", views.health, name="health"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
