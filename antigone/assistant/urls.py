from django.urls import path

from antigone.assistant.views import asking, feedback, keeping

app_name = "assistant"
urlpatterns = [
    path("", asking.ask, name="ask"),
    path("flux/", asking.stream, name="stream"),
    path("<int:pk>/", asking.ask, name="conversation"),
    path("<int:pk>/flux/", asking.stream, name="stream_conversation"),
    path("<int:pk>/supprimer/", keeping.delete, name="delete"),
    path("historique/", keeping.history, name="history"),
    path("historique/supprimer/", keeping.delete_all, name="delete_all"),
    path("historique/exporter/", keeping.export_history, name="export_history"),
    path("exporter/", keeping.export, name="export"),
    path("avis/", feedback.feedback, name="feedback"),
    path("avis/a-traiter/", feedback.feedback_queue, name="feedback_queue"),
    path("avis/<int:pk>/traiter/", feedback.handle_feedback, name="handle_feedback"),
    path("suggestions/", feedback.suggestions, name="suggestions"),
    path("suggestions/<int:pk>/retirer/", feedback.forget_suggestion, name="forget_suggestion"),
    path("consignes/", asking.prompt, name="prompt"),
]
