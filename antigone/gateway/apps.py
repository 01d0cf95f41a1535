from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "antigone.gateway"
