"""A calendar as a manager types it: one form, and rows for closures and extra days, read into a plan."""

from dataclasses import replace
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from support.calendars import hours
from support.calendars.plan import YEARS, Closure, ExtraDay, Plan, whole_days
from support.catalogue import holidays
from support.catalogue.calendars import HolidayRegion, Weekday
from support.forms.people import ZONE_CHOICES
from support.models import CalendarVersion
from support.rendering import DayInput

BLANK_ROWS, MOST_ROWS = 3, 100
LONGEST = 366  # days of one closure
UNKNOWN = _("Its public holidays are not offered any more: choose a country of the list, or none.")
WEEKDAYS = {
    Weekday.MONDAY: _("Monday"),
    Weekday.TUESDAY: _("Tuesday"),
    Weekday.WEDNESDAY: _("Wednesday"),
    Weekday.THURSDAY: _("Thursday"),
    Weekday.FRIDAY: _("Friday"),
    Weekday.SATURDAY: _("Saturday"),
    Weekday.SUNDAY: _("Sunday"),
}
RESERVED = ("new", "add")  # addresses of pages


class HoursField(forms.CharField):
    """Windows of one day; its value is a tuple of them. The page says what an empty one means."""

    says_optional = False

    def __init__(self, **options):
        super().__init__(max_length=200, **options)

    def clean(self, value):
        try:
            return hours.windows(super().clean(value))
        except hours.Unreadable as error:
            raise forms.ValidationError(f"{error}") from None


class SomeOf(forms.MultipleChoiceField):
    """Those of the values that can be chosen; another region has other holidays, and the rest is forgotten."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        return [each for each in self.to_python(value) if self.valid_value(each)]


class CalendarForm(forms.Form):
    """`looking` forgets a region that is none of the country, for the page that shows what a choice would do; not the one that is
    `stored`, which a package may know no more."""

    after = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=200)
    zone = forms.ChoiceField(
        label=_("Time zone"), choices=ZONE_CHOICES, help_text=_("All hours of this page are of this zone.")
    )
    country = forms.ChoiceField(
        label=_("Public holidays of"),
        required=False,
        error_messages={"invalid_choice": UNKNOWN},
    )
    part = forms.ChoiceField(
        label=_("Region"),
        required=False,
        error_messages={"invalid_choice": _("Choose a region of this country, or the whole of it.")},
    )
    left_out = SomeOf(label=_("Open all the same"), required=False)

    def __init__(
        self, *args, year: int, looking: bool = False, stored: HolidayRegion | None = None, **options
    ):
        super().__init__(*args, **options)
        self.year, country = year, self["country"].value() or ""
        for day, label in WEEKDAYS.items():
            self.fields[day.value] = HoursField(label=label, required=False)
        self.fields["country"].choices = [("", _("No country: no public holidays")), *holidays.countries()]
        self.known_parts = holidays.parts(country)
        self.fields["part"].choices = [("", _("The whole country")), *self.known_parts]
        part = self["part"].value() or ""
        forgets = self.is_bound and (looking or not country) and HolidayRegion(country, part) != stored
        if forgets and part not in dict(self.known_parts):
            self.data = self.data.copy()
            self.data["part"] = ""
        for name in ("country", "part"):  # what is known no more stays chosen, until somebody chooses
            field, value = self.fields[name], self[name].value() or ""
            if value not in dict(field.choices):
                field.widget.choices = [*field.choices, (value, value)]
        self.rows = self._rows(country, self["part"].value() or "")
        self.fields["left_out"].choices = [(on.isoformat(), name) for on, name in self.rows]

    def _rows(self, country: str, part: str) -> tuple[holidays.Row, ...]:
        if not holidays.is_known(country, part):
            return ()
        return holidays.between(country, part, first_year=self.year, last_year=self.year + YEARS)

    def region(self) -> HolidayRegion | None:
        said = self.cleaned_data
        return HolidayRegion(said["country"], said["part"]) if said["country"] else None


class RowForm(forms.Form):
    """A row about days of the years whose holidays are copied in; one that is left empty says nothing."""

    def __init__(self, *args, year: int, **options):
        super().__init__(*args, **options)
        self.year = year

    def clean(self):
        said = super().clean()
        for name in [name for name, value in said.items() if isinstance(value, date)]:
            if abs(said[name].year - self.year) > YEARS:
                years = {"first": self.year - YEARS, "last": self.year + YEARS}
                sentence = _(
                    "Write a date between %(first)d and %(last)d: holidays are known for these years."
                )
                self.add_error(name, sentence % years)
        return said


class ClosureForm(RowForm):
    first = forms.DateField(label=_("Closed on"), widget=DayInput)
    last = forms.DateField(label=_("Until"), widget=DayInput, required=False)
    windows = HoursField(label=_("Only from–to"), required=False)
    title = forms.CharField(label=_("What for"), max_length=80)

    def clean(self):
        said = super().clean()
        first, last = said.get("first"), said.get("last")
        if first and last and last < first:
            self.add_error("last", _("It ends before it begins."))
        elif first and last and (last - first).days >= LONGEST:
            self.add_error("last", _("A closure lasts a year at most."))
        return said

    def closure(self) -> Closure:
        said = self.cleaned_data
        return Closure(said["first"], said["last"] or said["first"], said["title"], said["windows"])


class ExtraDayForm(RowForm):
    on = forms.DateField(label=_("Open on"), widget=DayInput)
    windows = HoursField(label=_("Hours"))
    title = forms.CharField(label=_("What for"), max_length=80, required=False)

    def clean_windows(self):
        if not self.cleaned_data["windows"]:
            raise forms.ValidationError(_("Write its hours, like 09:00-12:00."))
        return self.cleaned_data["windows"]

    def extra_day(self) -> ExtraDay:
        said = self.cleaned_data
        return ExtraDay(said["on"], said["windows"], said["title"])


class CalendarNewForm(forms.Form):
    source = forms.ModelChoiceField(
        CalendarVersion.objects.none(), to_field_name="name", label=_("Copy of"), empty_label=_("Choose one")
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    code = forms.SlugField(
        label=_("Code"), max_length=60, help_text=_("Small letters, digits and hyphens; it stays for good.")
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["source"].queryset = CalendarVersion.objects.order_by("name", "-version").distinct("name")
        self.fields["source"].label_from_instance = lambda row: row.data["calendar"]["name"]

    def clean_code(self):
        code = self.cleaned_data["code"].lower()
        if code in RESERVED:
            raise forms.ValidationError(_("This word is taken by a page: choose another one."))
        return code


class CalendarMoveForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why they are moved"),
        max_length=300,
        help_text=_("Kept with the move, for whoever asks later."),
    )
    contracts = forms.BooleanField(
        label=_("Contracts that pin an older version pin this one from now on"), required=False
    )


class Rows(forms.BaseFormSet):
    def _construct_form(self, i, **options):
        return super()._construct_form(i, **{**options, "empty_permitted": True})


_rows = {"formset": Rows, "max_num": MOST_ROWS, "validate_max": True, "absolute_max": MOST_ROWS + BLANK_ROWS}
ClosureFormSet = forms.formset_factory(ClosureForm, extra=BLANK_ROWS, **_rows)
ExtraDayFormSet = forms.formset_factory(ExtraDayForm, extra=BLANK_ROWS, **_rows)


class Draft:
    """The form and its rows together, bound to what was sent or filled from a plan."""

    def __init__(self, form: CalendarForm, closures, extra_days):
        self.form, self.closures, self.extra_days = form, closures, extra_days

    @classmethod
    def sent(cls, data, year: int, *, looking_at: Plan | None = None) -> "Draft":
        """`looking_at` is what is stored, for a preview."""
        stored = looking_at.calendar.holidays if looking_at else None
        form = CalendarForm(data, year=year, looking=looking_at is not None, stored=stored)
        rows = {"data": data, "form_kwargs": {"year": year}}
        return cls(form, ClosureFormSet(prefix="closed", **rows), ExtraDayFormSet(prefix="extra", **rows))

    @classmethod
    def of(cls, plan: Plan, after: int, year: int) -> "Draft":
        region, calendar = plan.calendar.holidays, plan.calendar
        said = {day.value: hours.typed(calendar.hours.get(day, ())) for day in Weekday} | {
            "after": after,
            "name": calendar.name,
            "zone": calendar.zone,
            "country": region.country if region else "",
            "part": region.part if region else "",
            "left_out": [on.isoformat() for on in plan.left_out],
        }
        rows = {"form_kwargs": {"year": year}}
        closed, opened = map(_closure, plan.closures), map(_extra_day, plan.extra_days)
        closures = ClosureFormSet(prefix="closed", initial=list(closed), **rows)
        extra = ExtraDayFormSet(prefix="extra", initial=list(opened), **rows)
        return cls(CalendarForm(initial=said, year=year), closures, extra)

    def is_valid(self) -> bool:
        """Every part is asked, so that every error is shown at once."""
        well = [part.is_valid() for part in (self.form, self.closures, self.extra_days)]
        return all(well) and self._agree()

    def plan(self, was: Plan) -> Plan:
        """What was typed, with what only the files say of the calendar kept."""
        said = self.form.cleaned_data
        week = {day: said[day.value] for day in Weekday if said[day.value]}
        changed = {"name": said["name"], "zone": said["zone"], "hours": week, "holidays": self.form.region()}
        past = {on for on in was.left_out if on.year < self.form.year}
        return Plan(
            replace(was.calendar, **changed),
            frozenset(date.fromisoformat(on) for on in said["left_out"]) | past,
            tuple(sorted((row.closure() for row in _filled(self.closures)), key=lambda each: each.first)),
            tuple(sorted((row.extra_day() for row in _filled(self.extra_days)), key=lambda each: each.on)),
        )

    def mistakes(self) -> list[tuple[forms.BoundField, str]]:
        """Every field with what is wrong in it, in the order of the page."""
        parts = [self.form, *self.closures.forms, *self.extra_days.forms]
        return [(field, error) for form in parts for field in form for error in field.errors]

    def _agree(self) -> bool:
        """A day is open or closed, and its extra hours are said once."""
        closed, seen = (
            whole_days(Plan(None, closures=[row.closure() for row in _filled(self.closures)])),
            set(),
        )
        for row in _filled(self.extra_days):
            on = row.cleaned_data["on"]
            if on in closed:
                row.add_error("on", _("That day is closed above: it is open or closed, not both."))
            if on in seen:
                row.add_error("on", _("That day has its hours in another row."))
            seen.add(on)
        return not any(row.errors for row in self.extra_days.forms)


def _filled(rows) -> list:
    """Rows that say something; a row whose words were taken out is gone."""
    return [row for row in rows.forms if row.has_changed()]


def _closure(closure: Closure) -> dict:
    last = closure.last if closure.last != closure.first else None
    said = {"first": closure.first, "last": last, "title": closure.name}
    return said | {"windows": hours.typed(closure.windows)}


def _extra_day(extra: ExtraDay) -> dict:
    return {"on": extra.on, "windows": hours.typed(extra.windows), "title": extra.name}
