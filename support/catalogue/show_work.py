"""The part of a printed definition about the work itself: what is covered, what is asked, and how it goes up."""

from collections.abc import Iterable, Iterator

from support.catalogue.definition import Definition
from support.catalogue.intake import Field
from support.catalogue.layout import bullets, heading, table
from support.catalogue.marks import Marks
from support.catalogue.notes import Item
from support.catalogue.scope import ScopeItem, Verdict, Way
from support.catalogue.upward import Asks
from support.catalogue.words import listed

VERDICTS = {
    Verdict.ELIGIBLE: "Covered",
    Verdict.NOT_ELIGIBLE: "Not covered",
    Verdict.CASE_BY_CASE: "Case by case",
}


def lines(definition: Definition, marks: Marks) -> Iterator[str]:
    yield from _desk(definition, marks)
    for part in (_scope, _engagement, _vendor, _levels, _ladder, _around, _intake, _lists, _provisions):
        yield from part(definition, marks)


def _desk(definition: Definition, marks: Marks) -> Iterator[str]:
    desk = definition.desk
    yield from heading("Desk", marks.of(desk.section))
    when = f"There in the hours of {desk.calendar}" if desk.calendar else "There day and night"
    tongue = f", in {listed(desk.languages)} only" if desk.languages else ""
    yield from bullets([f"{when}{tongue}; reached by {listed(desk.channels, 'or')}.", *_texts(desk.notes)])


def _scope(definition: Definition, marks: Marks) -> Iterator[str]:
    scope = definition.scope
    if scope is None:
        return
    yield from heading("Scope", marks.of(scope.section, scope.reading))
    for verdict, words in VERDICTS.items():
        items = [item for item in scope.items if item.verdict is verdict]
        if items:
            yield f"  {words}"
            yield from bullets(_scope_item(item, marks) for item in items)
    yield "  Offered instead"
    yield from bullets(_way(way) for way in scope.outcomes)
    if scope.steps:
        yield "  Steps"
        yield from bullets(_texts(scope.steps))
    yield from bullets(filter(None, [scope.override]))


def _way(way: Way) -> str:
    notes = [f"asks for {listed(way.asks)}"] if way.asks else []
    notes += [f"closes as {way.closes}"] if way.closes else []
    noted = f" ({'; '.join(notes)})" if notes else ""
    said = f" To the customer: {way.message}" if way.message else ""
    return f"{way.code}: {way.text}{noted}{said}"


def _scope_item(item: ScopeItem, marks: Marks) -> str:
    notes = [f"CSP type {listed(item.csp_types, 'or')}"] if item.csp_types else []
    notes += [item.outcome] if item.outcome else []
    notes += ["may be charged"] if item.chargeable else []
    noted = f" ({'; '.join(notes)})" if notes else ""
    return f"{item.code}: {item.text}{noted}{marks.of(item.section)}"


def _engagement(definition: Definition, marks: Marks) -> Iterator[str]:
    engagement = definition.engagement
    if engagement is None:
        return
    rate = engagement.rate
    yield from heading("Engagement", marks.of(engagement.section))
    yield from bullets(
        [
            engagement.consent,
            f"{rate.hourly} an hour, in steps of {rate.increment}. {rate.rounding}{marks.of(rate.section, rate.reading)}",
            *(
                f"{kind.name} ({kind.code}): {listed(kind.priorities, 'or')}; starts as {kind.default}"
                f"{marks.of(reading=kind.reading)}"
                for kind in engagement.kinds
            ),
        ]
    )
    yield "  Every offer states"
    yield from bullets(_texts(engagement.terms))


def _vendor(definition: Definition, marks: Marks) -> Iterator[str]:
    vendor = definition.vendor
    if vendor is None:
        return
    yield from heading("Cases with a vendor", marks.of(vendor.section))
    clocks = [f"Their clocks are those of {vendor.service}."] if vendor.service else []
    yield from bullets([vendor.opened_by, *clocks, *_texts(vendor.help)])


def _levels(definition: Definition, marks: Marks) -> Iterator[str]:
    if definition.levels:
        yield from heading("Support levels")
        rows = [
            [str(at.level), at.name, at.done_by, at.does + marks.of(at.section, at.reading)]
            for at in definition.levels
        ]
        yield from table(["", "level", "done by", "what it does"], rows)
        yield from bullets(
            f"Level {at.level} passes on what has missed its {listed(at.passes_on, 'or')}."
            for at in definition.levels
            if at.passes_on
        )
    if engineering := definition.engineering:
        yield from bullets(
            [
                f"Level {engineering.level} is engineering: {listed(engineering.priorities)} go to management side by side; "
                f"the rest is reviewed every {engineering.every}, by business impact{marks.of(engineering.section)}."
            ]
        )
    if sheet := definition.fault_report:
        yield from heading("Fault report sheet", marks.of(sheet.section))
        to, full = listed(map(str, sheet.going_to)), listed(map(str, sheet.complete))
        yield from bullets([f"Goes with a ticket up to level {to}; in full to level {full}."])
        yield from _fields(sheet.fields)


def _ladder(definition: Definition, marks: Marks) -> Iterator[str]:
    ladder = definition.ladder
    if ladder is None:
        return
    yield from heading("Escalation ladder", marks.of(ladder.section, ladder.reading))
    rows = []
    for rung in ladder.levels:
        after = (
            f"{rung.before_next}{f' by {rung.calendar}' if rung.calendar else ''}"
            if rung.before_next
            else "–"
        )
        rows.append([str(rung.level), rung.name, after + marks.of(rung.section, rung.reading)])
    yield from table(["", "level", "at the earliest, the next one after"], rows)
    for ground in ladder.grounds:
        asked = {Asks.CLOCK: ", naming the clock", Asks.WORDS: ", in words", None: ""}[ground.asks]
        yield from bullets([f"Ground: {ground.text}{asked}."])
    yield from bullets(f"Not accepted: {text}." for text in _texts(ladder.not_accepted))
    if ladder.automatic:
        yield from bullets([f"Raised by itself when {listed(ladder.automatic, 'or')} is missed."])
    if ladder.reason_required:
        yield from bullets(["Each escalation needs a reason."])
    if ladder.contact_hours:
        yield from bullets(
            [f"Named contacts answer in the hours of {ladder.contact_hours}. Else: {ladder.fallback}"]
        )


def _around(definition: Definition, marks: Marks) -> Iterator[str]:
    """Outages and what is reported after them, maintenance and hand-off."""
    if outage := definition.outage:
        yield from heading("Outages", marks.of(outage.section))
        yield from bullets(
            f"{at.priority}: first notice within {at.first}, then every {at.every}, and whenever there is news"
            f"{marks.of(at.section, at.reading)}"
            for at in outage.cadence
        )
        contents = listed(_texts(outage.contents))
        yield from bullets([f"To: {outage.audience}. Says: {contents}.", outage.bridge, outage.closing])
    if report := definition.report:
        yield from heading("Major incident report", marks.of(report.section, report.reading))
        yield from bullets(
            f"After every {each.what} of priority {listed(each.priorities)}, within {report.within}"
            f"{f' of {report.calendar}' if report.calendar else ''}."
            for each in report.after
        )
    if maintenance := definition.maintenance:
        yield from heading("Maintenance", marks.of(maintenance.section, maintenance.reading))
        contents = listed(_texts(maintenance.contents))
        yield from bullets(
            [f"Announced {maintenance.announced} before. To: {maintenance.audience}. Says: {contents}."]
        )
    if handoff := definition.handoff:
        mark = marks.of(handoff.section, handoff.reading)
        yield from heading(f"Hand-off of priority {listed(handoff.priorities)}", mark)
        yield from bullets(
            [
                " ".join(
                    filter(
                        None, [f"{region.name}: the hours of {region.calendar}.", region.covers, region.phone]
                    )
                )
                for region in handoff.regions
            ]
        )
        yield from bullets([handoff.rule])


def _intake(definition: Definition, marks: Marks) -> Iterator[str]:
    for form in definition.intake:
        moment = form.asked.replace("_", " ")
        yield from heading(f"Asked at: {moment}", marks.of(form.section, form.reading))
        yield from _fields(form.fields)


def _fields(fields: Iterable[Field]) -> Iterator[str]:
    rows = []
    for field in fields:
        choices = f": {listed(field.choices, 'or')}" if field.choices else ""
        when = f" (when {field.when.field} is {field.when.answer})" if field.when else ""
        rows.append(
            [field.label, f"{field.type}{choices}", f"{'required' if field.required else 'invited'}{when}"]
        )
    yield from table(["field", "answer", ""], rows)


def _lists(definition: Definition, marks: Marks) -> Iterator[str]:
    if definition.duties:
        yield from heading("Done by the customer's side first")
        yield from bullets(_coded(definition.duties))
    for checklist in definition.checklists:
        yield from heading(checklist.title, marks.of(checklist.section))
        yield from bullets([f"With: {listed(checklist.roles)}."] if checklist.roles else [])
        yield from bullets(_coded(checklist.items))
    if review := definition.review:
        yield from heading("Service review", marks.of(review.section))
        yield from bullets([f"Every: {review.every}.", *_texts(review.sections)])


def _provisions(definition: Definition, marks: Marks) -> Iterator[str]:
    if definition.provisions:
        yield from heading("Further terms")
        yield from bullets(
            f"{term.code}: {term.text}{marks.of(term.section, term.reading)}"
            for term in definition.provisions
        )


def _texts(items: Iterable[Item]) -> list[str]:
    return [item.text for item in items]


def _coded(items: Iterable[Item]) -> list[str]:
    return [f"{item.code}: {item.text}" for item in items]
