"""From clauses to acts: headings lend their words to what stands under them, later sentences complete earlier acts."""

from collections import Counter
from dataclasses import replace
from typing import Any, Final

from cutis.coding.notes.acts import Act, Group, anchors, groups
from cutis.coding.notes.again import once
from cutis.coding.notes.attributes import Facts, facts_of, nature
from cutis.coding.notes.context import DONE, REQUESTED, Scopes
from cutis.coding.notes.declined import withdraw
from cutis.coding.notes.document import Clause, Document
from cutis.coding.notes.families import CLOSED, DISCRETE
from cutis.coding.notes.fill import complete, put_item
from cutis.coding.notes.implied import closed, excised, injected, opened, packed
from cutis.coding.notes.inherit import inherit, share_diagnosis
from cutis.coding.notes.items import Item, aggregated, both_sides, discrete
from cutis.coding.notes.lend import (
    counted,
    counts_things,
    joined,
    let_be,
    means_list,
    numbered,
    ordinal,
    replaces,
    sampled,
    spans,
    summed,
    tells_result,
    tells_stages,
    together,
    with_context,
)
from cutis.coding.notes.lexicon import Mention
from cutis.coding.notes.merge import BARE_NAILS
from cutis.coding.notes.reading import Reading
from cutis.coding.notes.relate import relate
from cutis.coding.notes.roles import DEFECT, MARGIN

_ONE_COVER: Final = frozenset({"flap", "graft"})  # a bilateral flap moves both sides over one defect
_CUTS: Final = frozenset({"mohs", "excision"})
_CUT_OUT: Final = frozenset({"excision", "re-excision", "mohs", "excisional biopsy", "staged excision"})
_COUNT_NOUN: Final = {"allergy": "allergen", "path": "specimen", "nail": "nail"}


class Assembler:
    """Reads the clauses of a document one after the other.

    Args:
        document: the note.
        imply: take a lesion with its measured margin for an excision, for a note that names no other act.
    """

    def __init__(self, document: Document, *, imply: bool = False) -> None:
        self.document = document
        self.imply = imply
        self.reading = Reading(document)
        self._known: set[int] = set()
        self._recent: list[Act] = []  # acts of the last clause that had any
        self._pending: Facts | None = None  # facts of a clause before its act
        self._label: tuple[int, int] | None = None
        self._label_acts: list[Act] = []
        self._label_facts = Facts()
        self._label_groups: list[Group] = []
        self._labels = Counter(c.label for c in document.clauses)
        self._sentences = {c.sentence: c.first for c in reversed(document.clauses)}
        self._tally: list[Facts] = []  # entries of a list that names no act
        self._open: tuple[Group, Facts, list[Act]] | None = None  # an act without a place, over the list that follows
        self._fresh = False  # nothing was done since
        self._label_own = False  # acts under the heading have replaced it

    def read(self) -> Reading:
        """All acts of the note."""
        for number, clause in enumerate(self.document.clauses):
            if clause.names:
                self.reading.scopes[number] = Scopes(self.document, clause)
                continue
            scopes = Scopes(self.document, clause)
            self.reading.scopes[number] = scopes
            facts = facts_of(self.document, clause, scopes)
            self._enter_label(clause)
            self._clause(clause, scopes, facts)
        self.reading.acts = once(self.document, self.reading.acts)
        share_diagnosis(self.document, self.reading.acts, self.reading.loose, self.reading.scopes)
        for act in self.reading.acts:
            complete(self.document, act)
        relate(self.document, self.reading.acts)
        return self.reading

    def _enter_label(self, clause: Clause) -> None:
        if clause.label == self._label:
            return
        self._label_own = False
        self._label, self._label_acts, self._label_groups, self._label_facts = clause.label, [], [], Facts()
        if clause.label is None:
            return
        first, last = clause.label
        words = Clause(first, last, clause.sentence, None, clause.section)
        words.mentions = self.document.within(first, last)
        words.measures = self.document.measured(first, last)
        scopes = Scopes(self.document, words)
        self._label_facts = facts_of(self.document, words, scopes)
        # "Lesion 2:" numbers it, and does not count two.
        self._label_facts.counts = [c for c in self._label_facts.counts if not ordinal(self.document, c, first, last)]
        found = anchors(self.document, first, last, words.mentions)
        if any(m.kind.startswith("section") and (m.first, m.last) == clause.label for m in words.mentions):
            found = []
        self._label_groups = groups(self.document, words, scopes, self._label_facts, found)
        for group in self._label_groups:
            group.first, group.last = first, last
        if len(self._label_groups) > 1 and self._label_groups[-1].family == "path":
            # "Shave bx, frozen section read: BCC": the act before the reading stands for itself.
            first_group = self._label_groups.pop(0)
            self._finish(self._acts_of(first_group, words, self._label_facts, first_of_clause=True, before=[]))
        for group in [g for g in self._label_groups if g.status not in {DONE, REQUESTED}]:
            # "POD 5 after flap: ..." tells what was; it lends no technique to what follows.
            self._label_groups.remove(group)
            self._finish(self._acts_of(group, words, self._label_facts, first_of_clause=False, before=[]))

    def _clause(self, clause: Clause, scopes: Scopes, facts: Facts) -> None:
        found = anchors(self.document, clause.first, clause.last, clause.mentions)
        found = found or injected(self.document, clause, facts) or self._implied(clause, facts)
        found = sorted(found + self._threads(clause, facts, found), key=lambda m: m.first)
        if self.imply and clause.section == "now" and not any(m.kind != "closure" for m in found):
            found = sorted(found + excised(facts), key=lambda m: m.first)
        made = groups(self.document, clause, scopes, facts, found)
        if self._label_groups and self._under_label(clause, facts, made):
            return
        if self._open is not None and self._entry(clause, facts, made):
            return
        if not made:
            withdraw(self.document, clause, self._recent)
            self._without_act(clause, facts)
            return
        acts: list[Act] = []
        aside = [(g.first, g.last) for g in made if g.status not in {DONE, REQUESTED}]
        for at, group in enumerate(made):
            own = facts.within(group.first, group.last)
            if group.status in {DONE, REQUESTED}:
                own = own.without(aside)
            acts += self._acts_of(group, clause, own, first_of_clause=at == 0, before=acts)
        self._finish(acts)
        alone = len(made) == 1 and bool(acts) and acts[0].status == DONE and not any(a.get("site") for a in acts)
        if alone and not clause.listed:
            self._open = (made[0], facts, acts)
        self._fresh = (self._fresh and clause.listed) or (alone and not clause.listed)
        rest = facts.without(aside)
        if len(aside) == len(made) and (rest.sites or rest.dxs or rest.others):
            # "Acne visit 20 d after flap": what stands beside the old act speaks of today.
            self._without_act(clause, rest)

    def _entry(self, clause: Clause, facts: Facts, made: list[Group]) -> bool:
        """An entry of the list under an act that named no place: "All closed in two layers" over "- L cheek 2.8 cm"."""
        assert self._open is not None
        lead, shared, acts = self._open
        entry = (clause.listed and self._fresh) or numbered(self.document, clause)
        sites = facts.sites or (self._label_facts.sites if clause.heading else [])
        if not entry or not sites:
            return False
        sampled(made, lead)
        if replaces(made, lead):
            if any(g.family == lead.family for g in made):  # "Biopsy log" over entries that say how each was taken
                self.reading.acts[:] = [a for a in self.reading.acts if not any(a is b for b in acts)]
            return False
        for act in acts:  # the act over the list is that of its entries
            self.reading.acts[:] = [a for a in self.reading.acts if a is not act]
        group = replace(
            lead, closures=list(lead.closures), methods=list(lead.methods), first=clause.first, last=clause.last
        )
        if any(other.closures for other in made):
            group.closures = [c for other in made for c in other.closures]
        lent = joined(shared, joined(self._label_facts, facts, items=counts_things(facts)), items=True)
        self._finish(self._acts_of(group, clause, lent, first_of_clause=False, before=[]))
        return True

    def _implied(self, clause: Clause, facts: Facts) -> list[Mention]:
        """Packing or opening, by what the clause, its heading and the clause before say."""
        known = together([self._label_facts, *([self._pending] if self._pending else []), facts])
        return packed(self.document, clause, known) or opened(self.document, clause, known)

    def _threads(self, clause: Clause, facts: Facts, found: list[Mention]) -> list[Mention]:
        """A closure told by its threads, where there is a wound to close."""
        others = together([self._label_facts, *([self._pending] if self._pending else []), facts]).others
        lacerated = any(m.kind == "wound" and m.value in {"laceration", "defect"} for m in others)
        cut = any(m.value in _CUT_OUT for m in found) or any(
            a.family in _CUTS for a in self._recent if a.status == DONE
        )
        wound = clause.section == "now" and (lacerated or cut or (clause.listed and bool(facts.sizes)))
        return closed(self.document, clause, found, wound=wound)

    def _finish(self, acts: list[Act]) -> None:
        fresh = [a for a in acts if id(a) not in self._known]
        self._known |= {id(a) for a in fresh}
        self.reading.acts += fresh
        if any(a.status in {DONE, REQUESTED} for a in acts):
            self._pending = None
            self._recent = [a for a in acts if a.status in {DONE, REQUESTED}]
        elif acts and not any(a.status == DONE for a in self._recent):
            self._recent = acts  # "s/p excision; path ...": what follows may still speak of it

    def _under_label(self, clause: Clause, facts: Facts, made: list[Group]) -> bool:
        """Use the technique of the heading for what stands under it.

        Returns:
            False where the clause has acts of its own of the same family, which replace the heading.
        """
        lead = self._label_groups[-1]
        if clause.first >= clause.last:
            return True
        sampled(made, lead)
        if replaces(made, lead):
            self._label_own = True
            return False
        if self._label_own and not made:
            return False
        names: list[Any] = [*facts.sites] or [d for d in facts.dxs if nature(d.value) != "generic" and d.sure != "path"]
        starts = bool(names) and (not self._label_acts or bool(facts.sites))
        if not starts and self._label_acts:
            self._attach(self._label_acts[-1:], clause, facts, made)
            return True
        group = Group(
            lead.family,
            list(lead.techniques),
            list(lead.methods),
            list(lead.closures),
            lead.status,
            list(lead.anchors),
            clause.first,
            clause.last,
        )
        if any(other.closures for other in made):
            group.closures = []  # an item that names its own closure is not closed as the heading says
        for other in made:
            group.closures += other.closures
            group.methods += other.methods
        # An entry of a list is one lesion, however many the heading counts.
        one = (clause.listed or self._labels[clause.label] > 1) and lead.family in DISCRETE
        acts = self._acts_of(
            group,
            clause,
            joined(self._label_facts, facts, items=one or counts_things(facts)),
            first_of_clause=True,
            before=[],
        )
        for act in acts:
            act.ranges.append((lead.first, lead.last))
        self._label_acts += acts
        self._finish(acts)
        return True

    def _acts_of(
        self, group: Group, clause: Clause, facts: Facts, *, first_of_clause: bool, before: list[Act]
    ) -> list[Act]:
        if group.family == "repair" and self._belongs_to_earlier(facts, before):
            self._attach(before or self._recent, clause, facts, [group])
            return []
        bare, own = not facts.sites, facts
        if first_of_clause and group.status in {DONE, REQUESTED}:
            facts = with_context(facts, None if self._label_groups else self._label_facts, self._pending)
        elif group.family == "destroy" and not facts.dxs and not self._label_groups and self._label_facts.dxs:
            facts = replace(facts, dxs=self._label_facts.dxs)  # "AKs: 9 LN2 (scalp), 6 curetted (forearms)"
        if group.family in {"flap", "graft"} and self._pending is not None:
            defects = [s for s in self._pending.sizes if s.role == DEFECT]
            facts = facts if any(s.role == DEFECT for s in facts.sizes) else replace(facts, sizes=defects + facts.sizes)
        if "nail unit biopsy" in group.techniques and any(s.base not in BARE_NAILS for s in facts.sites):
            facts = replace(facts, sites=[s for s in facts.sites if s.base not in BARE_NAILS])
        acts = []
        items = (self._listed(group, clause, replace(own, dxs=facts.dxs)) if bare else []) or self._items(group, facts)
        named = [a for a in group.anchors if a.kind != "closure"] or group.anchors
        stretches = spans(group, items)
        for item, span in zip(items, stretches, strict=True):
            act = Act(
                group.technique,
                group.family,
                group.status,
                named[0].start,
                named[-1].end,
                sentence=clause.sentence,
                entry=clause.listed and bool(item.sites),
            )
            act.ranges.append(span)
            put_item(act, group, item, facts)
            inherit(act, before, self.reading.acts)
            acts.append(act)
        return acts

    def _listed(self, group: Group, clause: Clause, facts: Facts) -> list[Item]:
        """The entries of a list that no act has taken yet, where the act speaks of them."""
        if not self._tally or group.status != DONE:
            return []
        if len(self._tally) == 1:  # it waits as the clause before, too
            self._tally = []
            return []
        words = self.document.words(clause.label[0] if clause.label else self._sentences[clause.sentence], clause.last)
        own = any(c.noun == "lesion" and not c.weak for c in facts.counts) and group.family not in DISCRETE
        if own or not means_list(words):
            self._tally = []
            return []
        facts = replace(facts, sites=[], counts=[], sizes=[s for s in facts.sizes if s.role == MARGIN])
        malignant = "malignant destruction" in group.techniques or any(
            nature(d.value) == "malignant" for f in (*self._tally, facts) for d in f.dxs
        )
        found = summed(
            self._tally, facts, discrete=group.family in DISCRETE or (group.family == "destroy" and malignant)
        )
        self._tally = []
        return found

    def _items(self, group: Group, facts: Facts) -> list[Item]:
        malignant = group.family == "destroy" and (
            "malignant destruction" in group.techniques
            or any(nature(d.value) == "malignant" and d.sure != "suspected" for d in facts.dxs)
        )
        if group.technique == "flap takedown":
            facts = replace(facts, sites=facts.sites[:1])  # the flap is divided once, wherever its stump goes
        if group.family in DISCRETE or malignant:
            items = discrete(self.document, facts, by_size="repair" if group.family == "repair" else "lesion")
            return counted(items if group.family in _ONE_COVER else both_sides(items))
        noun = _COUNT_NOUN.get(group.family, "lesion")
        return aggregated(self.document, facts, group.first, group.last, noun)

    def _belongs_to_earlier(self, facts: Facts, before: list[Act]) -> bool:
        """A closure without a place of its own closes what was cut just before."""
        earlier = before or self._recent
        if not earlier or not any(a.family in CLOSED and a.status == DONE for a in earlier):
            return False
        sites = {a.get("site") for a in earlier}
        return not facts.sites or {s.text for s in facts.sites} <= sites

    def _without_act(self, clause: Clause, facts: Facts) -> None:
        """A clause without an act completes the acts before it, or waits for the next."""
        label = self._label_facts
        if label.sites or label.dxs or label.mention("cosmetic"):
            facts = joined(self._label_facts, facts, items=counts_things(facts))
        label_mentions = [m.kind for m in self.document.within(*clause.label)] if clause.label else []
        explains = (
            any(d.sure == "path" for d in facts.dxs)
            or "path" in label_mentions
            or any(m.kind in {"path", "proven", "both", "same", "margin"} for m in facts.others)
        )
        title = clause.label is not None or self._open is not None
        field = title and len(self._recent) == 1 and not self._recent[0].get("site")
        new_subject = bool(
            bool(facts.sites)
            and not explains
            and not field
            and {s.text for s in facts.sites} - {a.get("site") for a in self._recent}
        )
        problem = [d for d in facts.dxs if nature(d.value) in {"disease", "acute"}]
        if self._recent and not any(a.status in {DONE, REQUESTED} for a in self._recent) and not explains:
            new_subject = True
        stages = bool(self._recent) and self._recent[-1].family == "mohs" and tells_stages(facts)
        if stages:
            facts, new_subject = replace(facts, sites=[], dxs=[]), False  # "second layer, tumor at the nasal edge"
        waiting = self._pending is not None and bool(self._pending.sites) and not tells_result(facts)
        if facts.dxs and self._recent and let_be(self.document.words(clause.first, clause.last)):
            self.reading.loose.append((clause, facts))  # "SKs: reassurance only": not of what was treated
            return
        if (
            self._recent
            and not new_subject
            and not (not stages and waiting and (facts.sizes or facts.dxs))
            and not (problem and not explains and not clause.label)
        ):
            self._attach(self._recent, clause, facts, [])
        elif clause.section == "now":
            wound = facts.mention("wound") is not None and any(s.role == "repair" for s in facts.sizes)
            entry = (clause.listed or wound) and bool(facts.sites)
            if entry:
                self._tally.append(facts)
            merged = None if entry else self._pending
            self._pending = joined(merged, facts, items=False) if merged else facts
        self.reading.loose.append((clause, facts))

    def _attach(self, acts: list[Act], clause: Clause, facts: Facts, made: list[Group]) -> None:
        """Add the facts of a later clause to earlier acts: to all where it says both, else to those of its family."""
        every = any(m.kind == "both" for m in facts.others) or len(acts) == 1
        explains = any(d.sure == "path" for d in facts.dxs)
        targets = acts if every or explains else acts[-1:]
        if facts.sites and len(acts) > 1:
            same = [a for a in acts if a.get("site") in {s.text for s in facts.sites}]
            targets = same or targets
        for act in targets:
            labelled = clause.label is not None and clause.label[1] + 1 == clause.first
            act.ranges.append((clause.label[0] if labelled and clause.label else clause.first, clause.last))
            item = (
                discrete(self.document, facts, by_size="lesion")[0]
                if act.family in DISCRETE
                else Item(list(facts.sites), list(facts.dxs), list(facts.counts), {s.role: s for s in facts.sizes})
            )
            group = Group(
                act.family,
                [],
                [x for g in made for x in g.methods],
                [c for g in made for c in g.closures],
                act.status,
                [],
            )
            put_item(act, group, item, facts)
