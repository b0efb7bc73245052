"""The encounter: what was done to which lesion, the visit, the payer; each fact may carry its place in the note.

One shape for all three doors: JSON of a practice system, the note reader, and the questions asked in the terminal.
Names of keys are tolerant (`AliasChoices`), values are free text where charts are free text; `vocabulary` reads them.
"""

import datetime as dt
from typing import Any, Final, Self

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from cutis.coding import forms
from cutis.coding.forms import Forms
from cutis.coding.values import Centimetres, Count, Counts, Days, Dimensions, Layers, Narrowest, Text, Texts, Truth
from cutis.model.errors import InputError

SCHEMA_VERSION: Final = 1
Span = tuple[int, int]  # first character and the one after the last, in the note


def _as(*names: str) -> Any:
    """A field that is also known by other names."""
    return Field(default=None, validation_alias=AliasChoices(*names))


class _Facts(BaseModel):
    """Facts with their places in the note; keys that are not known are kept and reported, never dropped in silence."""

    model_config = ConfigDict(
        extra="allow", validate_by_name=True, validate_by_alias=True, arbitrary_types_allowed=False
    )

    spans: dict[str, Span] = Field(default_factory=dict, description="For each fact, its characters in the note.")

    @property
    def unread(self) -> list[str]:
        """Keys that were given and that the model does not know."""
        return sorted(self.model_extra or {})


class Procedure(_Facts):
    """One lesion and what was done to it, or several lesions treated alike (`count`)."""

    technique: Text = _as("technique", "procedure", "what", "type")
    lesion: Text = _as("lesion", "lesion_id", "id")
    site: Text = _as("site", "location", "body_site", "anatomic_site")
    laterality: Text = _as("laterality", "side")
    class_findings: Text = _as("class_findings", "class_finding", "q_modifier")
    digits: Text = _as("digits", "digit", "nail", "nails_treated")
    eyelid: Text = _as("eyelid", "lid")

    lesion_cm: Centimetres = _as(
        "lesion_cm", "lesion_size_cm", "clinical_cm", "diameter_cm", "lesion_diameter_cm", "preop_cm"
    )
    margin_cm: Narrowest = _as("margin_cm", "margins_cm", "narrowest_margin_cm", "margin")
    excised_cm: Centimetres = _as("excised_cm", "excised_diameter_cm", "excision_cm", "excised_diameter")
    size_cm: Centimetres = _as("size_cm", "tumor_cm", "mass_cm", "tumour_cm", "size")
    post_curettage_cm: Centimetres = None
    count: Count = _as(
        "count", "number", "n", "lesion_count", "lesions_treated", "quantity", "nails", "tags", "patches"
    )
    punctures: Count = _as("punctures", "injections")
    allergens: Count = _as("allergens", "tests", "allergen_count")
    cycles: Count = None
    specimens: Count = _as("specimens", "specimen_count")
    depth: Text = _as("depth", "layer", "plane")
    extent: Text = None
    complicated: Truth = _as("complicated", "complex", "multiple")
    removal: Text = None
    method: Text = _as("method", "modality")

    lesion_type: Text = _as("lesion_type", "lesion_kind", "clinical_diagnosis", "diagnosis_before")
    dx: Text = _as("dx", "diagnosis", "indication", "condition", "icd10")
    suspected: Text = _as("suspected", "rule_out", "differential")
    pathology: Text = _as("pathology", "path", "histology", "pathology_result", "diagnosis_after")
    original: Text = _as(
        "original", "original_pathology", "original_diagnosis", "prior_diagnosis", "previous_pathology", "initial_pathology", "biopsy_result",
        "biopsy_pathology",
    )  # fmt: skip
    prior_pathology: Truth = _as("prior_pathology", "biopsy_proven", "prior_biopsy")
    symptoms: Text = None
    intent: Text = _as("intent", "purpose")
    abn: Truth = _as("abn", "abn_signed")
    filed: Truth = _as("filed", "file_claim", "patient_requests_claim")
    recurrent: Truth = None
    re_excision: Truth = _as("re_excision", "reexcision", "margins_positive")
    same_lesion_as: Text = _as("same_lesion_as", "same_site_as", "same_as")
    same_lesion: Truth = None
    ellipse: Text = _as("ellipse", "incision")
    encounter: Text = _as("encounter", "session")
    related: Truth = _as("related", "related_to_prior")
    staged: Truth = _as("staged", "planned", "planned_stage", "planned_second_stage", "second_stage")
    operating_room: Truth = _as("operating_room", "return_to_or")
    discontinued: Truth = _as("discontinued", "aborted", "terminated", "stopped", "not_completed")
    reduced: Truth = _as("reduced", "reduced_services", "partly_done")

    repair: Text = _as("repair", "closure", "repair_class", "repair_type")
    repair_cm: Centimetres = _as("repair_cm", "repair_length_cm", "length_cm", "closure_cm", "repair_length")
    layered: Layers = _as("layered", "layered_closure", "layers")
    undermining: Text = None
    undermining_cm: Centimetres = None
    defect_width_cm: Narrowest = None
    retention_sutures: Truth = None
    exposed_structure: Truth = _as("exposed_structure", "exposed_structures", "exposed_cartilage", "exposed_bone")
    free_margin: Truth = _as("free_margin", "free_margin_involved")
    debrided_edges: Truth = _as("debrided_edges", "edge_debridement")
    contaminated: Truth = _as("contaminated", "extensive_cleaning")

    area_sqcm: Centimetres = _as(
        "area_sqcm", "area_cm2", "area", "sq_cm", "area_sq_cm", "total_area_sqcm", "defect_sqcm", "defect_area_sqcm"
    )
    defect_cm: Dimensions = _as("defect_cm", "primary_defect_cm", "defect")
    secondary_defect_cm: Dimensions = _as("secondary_defect_cm", "flap_defect_cm")
    primary_defect_sqcm: Centimetres = None
    secondary_defect_sqcm: Centimetres = _as("secondary_defect_sqcm", "secondary_sqcm")

    stages: Count = _as("stages", "stage_count")
    blocks: Counts = _as("blocks", "blocks_per_stage", "sections")
    pathologist: Text = _as("pathologist", "read_by", "slides_read_by")

    drug: Text = _as("drug", "medication", "product")
    mg: Centimetres = _as("mg", "dose_mg", "total_mg")
    ml: Centimetres = _as("ml", "volume_ml", "cc")
    mg_per_ml: Centimetres = _as("mg_per_ml", "concentration", "concentration_mg_ml")
    units: Centimetres = _as("units", "dose_units", "units_injected")
    doses: Centimetres = _as("doses", "sticks", "unit_doses", "applicators")
    grams: Centimetres = _as("grams", "g", "gel_grams")
    tubes: Centimetres = None
    discarded: Centimetres = _as(
        "discarded", "wasted", "waste_amount", "discarded_units", "units_wasted", "discarded_mg"
    )
    waste: Text = None
    vial: Text = _as("vial", "vial_type", "container")

    provider: Text = _as("provider", "performed_by", "applied_by")
    debridement: Truth = _as("debridement", "curettage", "debrided")
    agent: Text = None
    light: Text = _as("light", "light_source")
    hours: Centimetres = _as("hours", "duration_hours")
    component: Text = None
    stains: Count = _as("stains", "antibodies", "stain_count")
    specimen: Text = _as("specimen", "specimen_type")


class Visit(_Facts):
    """The evaluation and management of the day."""

    patient: Text = _as("patient", "patient_type", "status", "new_or_established")
    problems: Text = _as("problems", "problem", "complexity")
    data: Text = None
    risk: Text = None
    mdm: Text = _as("mdm", "mdm_level", "level")
    minutes: Count = _as("minutes", "time", "total_time", "time_minutes", "total_minutes")
    separate_work: Truth = _as("separate_work", "separate", "significant_separate", "separately_identifiable")
    longitudinal: Truth = _as("longitudinal", "ongoing_relationship")
    decision_for_surgery: Truth = _as("decision_for_surgery", "decision", "decision_surgery")
    related: Truth = _as("related", "related_to_prior", "related_to_surgery")
    unrelated: Truth = None
    reason: Text = _as("reason", "purpose", "visit_reason")
    provider: Text = _as("provider", "seen_by")
    telehealth: Text = _as("telehealth", "telemedicine", "virtual", "visit_mode")
    preventive: Truth = _as("preventive", "vaccine", "annual_wellness")
    dx: Texts = Field(default_factory=list, validation_alias=AliasChoices("dx", "diagnoses", "diagnosis"))


class Earlier(_Facts):
    """An earlier procedure by the same practice whose global period may still run."""

    proc: Text = _as("proc", "code", "procedure")
    days_since: Days = _as("days_since", "days", "days_after", "pod", "days_ago", "postop_day", "post_op_day", "day")
    site: Text = None
    laterality: Text = _as("laterality", "side")
    related: Truth = None
    staged: Truth = _as("staged", "planned", "planned_stage", "planned_second_stage")
    operating_room: Truth = _as("operating_room", "return_to_or")
    elsewhere: Truth = _as("elsewhere", "other_provider", "outside")
    repair: Text = None
    pathology: Text = None


class Patient(_Facts):
    """The person, as far as codes depend on it; no names."""

    sex: Text = _as("sex", "gender")
    age: Count = _as("age", "age_years")


class Encounter(_Facts):
    """One patient, one provider, one day."""

    id: Text = _as("id", "encounter_id")
    date: dt.date | None = _as("date", "date_of_service", "dos", "service_date")
    payer: Text = _as("payer", "insurance", "payor")
    assumed: Texts = Field(default_factory=list, description="What a reader of notes had to assume, in sentences.")
    place_of_service: Text = _as("place_of_service", "pos", "setting")
    provider: Text = None
    patient: Patient | None = None
    report_after_surgery: Truth = _as("report_after_surgery", "report_99024", "report_postoperative_visits")
    em: Visit | None = _as("em", "visit", "evaluation", "e_m")
    global_period: Earlier | None = _as("global_period", "global", "earlier")
    further_periods: list[Earlier] = Field(
        default_factory=list, description="Earlier operations beside `global_period`."
    )
    procedures: list[Procedure] = Field(
        default_factory=list, validation_alias=AliasChoices("procedures", "lesions", "services")
    )

    @classmethod
    def read(cls, data: Any) -> Self:
        """An encounter from plain data, as JSON gives it.

        Args:
            data: a mapping of the keys of this model; `structured` around it is taken off.

        Raises:
            InputError: the data has not this shape; the sentence names every place, never its value.
        """
        if isinstance(data, dict) and isinstance(data.get("structured"), dict):
            data = data["structured"]
        if not isinstance(data, dict):
            raise InputError("an encounter is a JSON object with procedures, em, payer and date")
        data = _plain(data)
        try:
            # `_plain` has brought every key to the name of its field: looking for other names again would find none.
            return cls.model_validate(data, by_alias=False, by_name=True)
        except ValidationError as error:
            places = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
            raise InputError(f"the encounter cannot be read: {places}") from None

    def place_spans(self, spans: dict[str, Any]) -> Self:
        """Add the places of facts in the note, as the note reader gives them beside the data.

        Args:
            spans: `procedures` as a list of mappings in order, `em`, `global_period` and `payer`.

        Returns:
            The same encounter.
        """
        for procedure, given in zip(self.procedures, spans.get("procedures", ()), strict=False):
            procedure.spans = dict(given)
        if self.em is not None:
            self.em.spans = dict(spans.get("em", {}))
        if self.global_period is not None:
            self.global_period.spans = dict(spans.get("global_period", {}))
        if "payer" in spans:
            self.spans["payer"] = spans["payer"]
        return self


_ENCOUNTER: Final = Forms(Encounter, "encounter")
_PROCEDURE: Final = Forms(Procedure, "procedure")
_VISIT: Final = Forms(Visit, "visit")
_EARLIER: Final = Forms(Earlier, "earlier")
_PATIENT: Final = Forms(Patient, "patient")


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """An encounter with every mapping brought to the names of the model."""
    data = dict(_ENCOUNTER.plain(data))
    if "em" in data and isinstance(em := forms.visit(data["em"]), dict):
        data["em"] = _VISIT.plain(forms.patient(em))
    elif "em" in data:
        data["em"] = em
    if isinstance(person := data.get("patient"), dict):
        data["patient"] = _PATIENT.plain(person)
    if isinstance(further := data.get("further_periods"), list):
        data["further_periods"] = _earlier(further)
    if "global_period" in data:
        known = _earlier(forms.earlier(data["global_period"]))
        data["global_period"] = next(iter(known), None)
        if known[1:]:
            data["further_periods"] = known[1:]
    acts = data.get("procedures")
    if isinstance(acts, dict | str):
        acts = [acts]
    if isinstance(acts, list):
        data["procedures"] = [
            p
            for act in acts
            for p in (
                _procedures(act) if isinstance(act, dict) else [{"technique": act} if isinstance(act, str) else act]
            )
        ]
    return data


def _earlier(given: list[Any]) -> list[Any]:
    return [_EARLIER.plain(forms.other_surgeon(forms.room(k))) if isinstance(k, dict) else k for k in given]


def _procedures(act: dict[str, Any]) -> list[dict[str, Any]]:
    """One procedure as given, as one or several by the names of the model."""
    found = []
    for part in forms.listed(act):
        plain = _PROCEDURE.plain(forms.room(part))
        if "stains" in plain:
            plain = forms.stains(plain)
        if isinstance(plain.get("stages"), list):
            number, blocks = forms.stages(plain["stages"], plain.get("blocks"))
            plain = plain | {"stages": number, "blocks": blocks}
        found += forms.sized(plain)
    return found
