"""What operators see: the settings of collections. Documents go through the library's own pages."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from antigone.library.models import Collection


@admin.register(Collection)
class CollectionAdmin(admin.ModelAdmin[Collection]):
    list_display = ("name", "audience", "organisation")
    list_filter = ("audience",)
    search_fields = ("name", "description")
    prepopulated_fields = {"slug": ("name",)}
    filter_horizontal = ("readers", "librarians")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        """Leave out what people's programmes made for themselves."""
        return super().get_queryset(request).filter(owner=None)
