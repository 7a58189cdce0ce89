"""What a self-evaluation report is a function of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.batches.register import Batch
from core.delivery.owed.scoreboard import Score
from core.delivery.records.report_drafts import KeptDraft
from core.delivery.status.situation import Situation
from core.facts.county_facts import Judgement
from core.method.assessment import Assessment
from core.outlook.remedies.coefficients import Judge
from core.rules.standard import Standard
from core.wording.readings import ReadAs


@dataclass(frozen=True)
class Basis:
    """The judged year and everything beside it.

    `judge` judges the year with changes, `read_as` by other choices. `batches` are those from which its figures come,
    `previous` the draft kept last, `draft` the unpublished batch that is looked at as if it counted.
    """

    situation: Situation
    assessment: Assessment
    judge: Judge
    read_as: ReadAs
    batches: Sequence[Batch]
    judgements: Mapping[str, Judgement]
    scores: Sequence[Score]
    previous: KeptDraft | None
    is_demo: bool
    draft: int | None = None

    @property
    def standard(self) -> Standard:
        """The standard by which the county is judged."""
        return self.situation.standard

    @property
    def before(self) -> Assessment | None:
        """The year before, None where it is not known."""
        return self.situation.facts.assessments.get(self.assessment.year - 1)
