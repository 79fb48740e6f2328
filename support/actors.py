"""Whoever acts: a person of the desk, a contact of a customer, or a named part of the system."""

from dataclasses import dataclass

from support.clocks.events import ActorKind

__all__ = ["Actor", "ActorKind"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Stored as it was: the name is the one that the person had when acting."""

    kind: ActorKind
    id: int | None
    name: str

    @classmethod
    def of(cls, person) -> "Actor":
        """The actor for a User or a Contact; a User who is a customer acts as the contact that he is."""
        contact = getattr(person, "contact", None) if hasattr(person, "kind") else person
        if contact is not None:
            return cls(ActorKind.CONTACT, contact.pk, contact.name)
        return cls(ActorKind.STAFF, person.pk, person.name)

    @classmethod
    def system(cls, name: str) -> "Actor":
        """A part of the system by its name: "import", "sweep", "set-up"."""
        return cls(ActorKind.SYSTEM, None, name)

    def __str__(self) -> str:
        return self.name
