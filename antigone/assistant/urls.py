from django.urls import path

from antigone.assistant import views

app_name = "assistant"
urlpatterns = [
    path("", views.ask, name="ask"),
    path("flux/", views.stream, name="stream"),
    path("<int:pk>/", views.ask, name="conversation"),
    path("<int:pk>/flux/", views.stream, name="stream_conversation"),
    path("<int:pk>/supprimer/", views.delete, name="delete"),
    path("historique/", views.history, name="history"),
    path("historique/supprimer/", views.delete_all, name="delete_all"),
    path("historique/exporter/", views.export_history, name="export_history"),
    path("exporter/", views.export, name="export"),
    path("avis/", views.feedback, name="feedback"),
    path("avis/a-traiter/", views.feedback_queue, name="feedback_queue"),
    path("avis/<int:pk>/traiter/", views.handle_feedback, name="handle_feedback"),
    path("consignes/", views.prompt, name="prompt"),
]
