"""The chain of evidence: one per legal entity, each link's text naming the hash of the one before. Written by triggers."""

from django.db import models

from support.models import LegalEntity


class EvidenceHead(models.Model):
    legal_entity = models.OneToOneField(LegalEntity, models.PROTECT, primary_key=True, related_name="+")
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32)

    def __str__(self):
        return f"{self.legal_entity}: link {self.seq}"


class EvidenceLink(models.Model):
    """What one decision was, as text, and the hash of that text."""

    legal_entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="+")
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    text = models.TextField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["legal_entity", "seq"]
        constraints = [models.UniqueConstraint(fields=["legal_entity", "seq"], name="evidence_link_once")]
        indexes = [models.Index("kind", "subject_id", name="evidence_of_subject")]

    def __str__(self):
        return f"{self.legal_entity_id}/{self.seq} {self.kind}"
