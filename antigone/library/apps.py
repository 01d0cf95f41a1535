from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "antigone.library"
