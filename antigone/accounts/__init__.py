"""People, the organisations and groups they belong to, the roles they hold, and how they sign in.

Sign-in, second factor, limits on tries and the list of open sessions are django-allauth's;
this room holds what is the city's own.
"""
