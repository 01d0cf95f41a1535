"""The public register of what the machine is used for.

So far: uses, declared by the people of an organisation, accepted or refused with a reason, suspended within a second.
Nobody gets a key to the models but for a use that is active here.
"""
