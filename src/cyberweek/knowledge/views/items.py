"""The item bank on the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from cyberweek.accounts.rules import OrganiserRequest, organiser_required
from cyberweek.editions.queries import current_edition
from cyberweek.kernel.core.localized import LANGUAGES
from cyberweek.kernel.views import once, page_of
from cyberweek.knowledge import actions, queries, rules
from cyberweek.knowledge.core.items import faults_of
from cyberweek.knowledge.enums import ItemFault, ItemState, Kind
from cyberweek.knowledge.formats.bank import Problem, write_bank
from cyberweek.knowledge.formats.uploads import read_upload
from cyberweek.knowledge.forms import ImportForm, ItemFilter, ItemForm
from cyberweek.knowledge.models import Item
from cyberweek.regions.models import Unit
from cyberweek.regions.queries import posts_of, units_changeable_by


@organiser_required
def item_list(request: OrganiserRequest) -> HttpResponse:
    """The items that the person sees, filtered and by the page."""
    form = ItemFilter(request.GET, topics=queries.topics())
    asked = form.asked()
    visible = queries.items_visible_to(request.user)
    by_state = queries.items_by_state(queries.items_found(visible, **{**asked, "state": ""}))
    page = page_of(queries.items_found(visible, **asked), request)
    return _page(
        request, "item_list", form=form, page=page, state=asked["state"], filtered=any(asked.values()),
        rows=[(item, _lacks(item)) for item in page], may_write=rules.may_write(request.user),
        states=[(state, ItemState(state).label, count) for state, count in by_state.items()], all=sum(by_state.values()),
    )  # fmt: skip


@organiser_required
def item_detail(request: OrganiserRequest, code: str) -> HttpResponse:
    """An item as a participant sees it, its answer, its state and what was done to it."""
    item = _item(request, code)
    faults = faults_of(item.content())
    return _page(
        request, "item_detail", item=item, faults=[ItemFault.say(fault.reason, fault.params) for fault in faults],
        sides=_sides(item), history=queries.history_of(item)[:20],
        may_change=rules.may_change_item(request.user, item),
    )  # fmt: skip


@organiser_required
@once
def item_create(request: OrganiserRequest) -> HttpResponse:
    """A new item of the kind in `?kind=`."""
    if not rules.may_write(request.user):
        raise PermissionDenied
    kind = request.GET.get("kind", "")
    kind = kind if kind in Kind.values else Kind.SINGLE
    form = ItemForm(request.POST or None, kind=kind, initial={"owner": _own_unit(request)}, **_choices(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            item = actions.create_item(
                owner=told["owner"], content=form.content(), state=told["state"], by=request.user, now=timezone.now()
            )
        except actions.ItemRefusedError as refused:
            form.refuse(refused.faults)
        else:
            return _saved(request, item)
    return _page(request, "item_form", form=form, kind=kind, kinds=Kind.choices)


@organiser_required
def item_edit(request: OrganiserRequest, code: str) -> HttpResponse:
    """Change an item; another's change in between is told, not overwritten."""
    item = _changeable(request, code)
    form = ItemForm(request.POST or None, kind=item.kind, item=item, **_choices(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.edit_item(
                item=item, owner=told["owner"], content=form.content(), state=told["state"],
                revision=told["revision"] or 0, by=request.user, now=timezone.now(),
            )  # fmt: skip
        except actions.ItemRefusedError as refused:
            form.refuse(refused.faults)
        except actions.StaleItemError:
            form.add_error(
                None, _("Somebody else has changed this item meanwhile. Your text is below; theirs is saved.")
            )
        else:
            return _saved(request, item)
    return _page(request, "item_form", form=form, kind=item.kind, item=item)


@require_POST
@organiser_required
def item_retire(request: OrganiserRequest, code: str) -> HttpResponse:
    """Draw an item no more."""
    item = _changeable(request, code)
    actions.retire_item(item=item, by=request.user, now=timezone.now(), reason=request.POST.get("reason", "").strip())
    messages.success(
        request, _("%(code)s is retired. It is drawn until the next release of a contest.") % {"code": item.code}
    )
    return redirect("knowledge:item-detail", item.code)


@require_POST
@organiser_required
def item_restore(request: OrganiserRequest, code: str) -> HttpResponse:
    """Take a retired item up again, as a draft."""
    item = _changeable(request, code)
    actions.restore_item(item=item, by=request.user, now=timezone.now())
    messages.success(request, _("%(code)s is a draft again.") % {"code": item.code})
    return redirect("knowledge:item-detail", item.code)


@organiser_required
def item_export(request: OrganiserRequest) -> HttpResponse:
    """The items of the list, all pages, as a file that can be imported again."""
    asked = ItemFilter(request.GET, topics=queries.topics()).asked()
    found = queries.items_found(queries.items_visible_to(request.user), **asked)
    response = HttpResponse(write_bank(item.content() for item in found), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="items.json"'
    return response


@organiser_required
@once
def item_import(request: OrganiserRequest) -> HttpResponse:
    """Take a file of items as drafts: all of it, or nothing and why."""
    if not rules.may_write(request.user):
        raise PermissionDenied
    own = {"owner": _own_unit(request)}
    form = ImportForm(request.POST or None, request.FILES or None, initial=own, **_choices(request))
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        taken, problems = _take(request, form)
        if taken is not None:
            messages.success(request, _("%(n)d items are in the bank as drafts.") % {"n": taken})
            return redirect(f"{reverse('knowledge:item-list')}?state=draft")
    return _page(request, "item_import", form=form, problems=problems)


# -- What the views share --


def _take(request: OrganiserRequest, form: ImportForm) -> tuple[int | None, list[Problem]]:
    """How many items were taken, or None and what is wrong with which."""
    told = form.cleaned_data
    reading = read_upload(
        told["file"], form=told["format"], topic=told["topic"].code, language=told["language"],
        taken=queries.codes_of(told["topic"]),
    )  # fmt: skip
    if not reading.items or (reading.problems and not told["leave_out"]):
        return None, reading.problems or [Problem(_("the file"), _("There is no item in it."))]
    try:
        items = actions.import_items(
            owner=told["owner"], contents=reading.items, state=ItemState.DRAFT, by=request.user, now=timezone.now()
        )
    except actions.ItemsRefusedError as refused:
        return None, [Problem(one.code, " ".join(one.reasons)) for one in refused.refused]
    return len(items), []


def _item(request: OrganiserRequest, code: str) -> Item:
    return get_object_or_404(queries.items_visible_to(request.user), code=code)


def _changeable(request: OrganiserRequest, code: str) -> Item:
    item = _item(request, code)
    if not rules.may_change_item(request.user, item):
        raise PermissionDenied
    return item


def _choices(request: OrganiserRequest) -> dict[str, Any]:
    return {"topics": queries.topics(), "owners": units_changeable_by(request.user)}


def _own_unit(request: OrganiserRequest) -> Unit | None:
    """Where new items go when nothing else is said."""
    post = posts_of(request.user).first()
    return post.unit if post else None


def _lacks(item: Item) -> str:
    """What a draft still lacks, its first fault in words; nothing for other items."""
    faults = faults_of(item.content()) if item.state == ItemState.DRAFT else []
    return ItemFault.say(faults[0].reason, faults[0].params) if faults else ""


def _sides(item: Item) -> list[dict[str, Any]]:
    """What the item says, language by language."""
    return [
        {
            "tag": tag,
            "stem": item.stem.get(tag, ""),
            "options": [
                {"letter": letter, "text": option["text"].get(tag, ""), "right": option["id"] in item.key}
                for letter, option in zip("ABCDEFGH", item.options, strict=False)
            ],
            "explanation": item.explanation.get(tag, ""),
            "source": _cited(item, tag),
        }
        for tag in LANGUAGES
    ]


def _cited(item: Item, tag: str) -> str:
    """The source in the words of one language: title, version, article, section."""
    with override(tag.lower()):
        parts = [item.reference_title.get(tag, "")]
        if item.reference_version:
            parts[0] += f" ({item.reference_version})"
        if item.reference_article:
            parts.append(_("art. %(article)s") % {"article": item.reference_article})
        if item.reference_section:
            parts.append(item.reference_section)
        return " · ".join(parts)


def _saved(request: OrganiserRequest, item: Item) -> HttpResponse:
    ready = item.state == ItemState.READY
    told = _("%(code)s is saved and ready: the next release draws it.") if ready else _("%(code)s is saved as a draft.")
    messages.success(request, told % {"code": item.code})
    return redirect("knowledge:item-detail", item.code)


def _page(request: OrganiserRequest, name: str, **context: Any) -> HttpResponse:
    form = context.get("form")
    status = 422 if form is not None and request.method == "POST" else 200
    edition = current_edition()
    frame = {"edition": edition, "zone": edition.zone if edition else "UTC"}
    return render(request, f"knowledge/{name}.html", frame | context, status=status)
