"""The Library tab as HTML; every text of an article or a file name in it is escaped."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index import ArticleSummary
from qa.chat.display import describe_date, describe_origin
from qa.chat.filters import name_language
from qa.chat.libraries import Offered
from qa.chat.shelf.listing import PAGE, count_values
from qa.chat.texts import Say
from qa.output.safe_text import escape_text
from qa.requests import ListingRequest, select_articles
from qa.uploads import FileResult

ORDERS = (
    ("added", "down"), ("added", "up"), ("title", "up"), ("title", "down"),
    ("date", "down"), ("date", "up"), ("source", "up"), ("source", "down"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list: its rows, how many articles there are, and whether more follow."""

    rows: str
    count: str
    more: bool


def render_shelf(
    say: Say,
    name: str,
    offered: Sequence[Offered],
    articles: Sequence[ArticleSummary],
    suffixes: Sequence[str],
    max_file_mb: int,
) -> str:
    """The whole tab for one library, its list left empty for the page to fill."""
    formats, accepted = escape_text(" ".join(suffixes)), escape_text(",".join(suffixes))
    return (
        f'<section class="dl-shelf" aria-labelledby="dl-shelf-title" '
        f'data-suffixes="{accepted}" data-limit="{max_file_mb}">'
        f"{render_libraries(say, name, offered)}"
        '<div id="dl-drop" class="dl-drop">'
        f'<p class="dl-drop-call">{say("shelf.drop")}</p>'
        '<p class="dl-drop-actions">'
        f'<label class="dl-file"><input type="file" multiple accept="{accepted}">'
        f"<span>{say('shelf.choose_files')}</span></label>"
        f'<label class="dl-file"><input type="file" webkitdirectory data-folder>'
        f"<span>{say('shelf.choose_folder')}</span></label></p>"
        f'<p class="dl-hint">{say("shelf.formats", formats=formats, limit=max_file_mb)}</p></div>'
        '<div id="dl-happened"></div>'
        f"{render_controls(say, articles)}"
        '<p class="dl-count" role="status"></p><ul class="dl-list"></ul>'
        f'<button type="button" class="dl-open" data-more hidden>{say("shelf.more")}</button>'
        "</section>"
    )


def render_libraries(say: Say, name: str, offered: Sequence[Offered], problem: str = "") -> str:
    """Which library this is, a menu of the others, and a form for a new one."""
    absent = all(item.name != name for item in offered)
    options = '<option value="" selected>–</option>' if absent else ""
    options += "".join(
        f'<option value="{escape_text(item.name)}"{" selected" if item.name == name else ""}>'
        f"{escape_text(item.name)}</option>"
        for item in offered
    )
    menu = (
        f'<p class="dl-menu-line"><label for="dl-library-menu">{say("shelf.library")}</label> '
        f'<select id="dl-library-menu">{options}</select></p>'
        if len(offered) > 1 or absent
        else ""
    )
    said = f'<p class="dl-error" role="alert">{escape_text(problem)}</p>' if problem else ""
    return (
        f'<header class="dl-shelf-head"><h2 id="dl-shelf-title" dir="auto">{escape_text(name)}</h2>'
        f'{menu}<details class="dl-new"><summary>{say("shelf.new_library")}</summary>'
        f"<form data-create><label>{say('shelf.new_name')} "
        '<input name="name" required maxlength="60" autocomplete="off"></label>'
        f'<button type="submit" class="dl-open">{say("shelf.create")}</button>'
        f'<p class="dl-form-error" role="alert"></p></form></details></header>{said}'
    )


def render_controls(say: Say, articles: Sequence[ArticleSummary]) -> str:
    """The fields that search, filter and sort the list; nothing while there is no article."""
    if not articles:
        return ""
    orders = "".join(
        f'<option value="{order} {way}">{say(f"shelf.order_{order}_{way}")}</option>'
        for order, way in ORDERS
    )
    sources = render_options(say("shelf.every_source"), count_values(articles, "source"))
    languages = render_options(
        say("shelf.every_language"),
        count_values(articles, "language"),
        name_language,
    )
    hint = escape_text(say("shelf.date_hint"))
    return (
        '<form class="dl-find" data-find role="search">'
        f'<label class="dl-find-words">{say("shelf.find")}<input type="search" name="words" '
        f'placeholder="{escape_text(say("shelf.find_hint"))}" autocomplete="off"></label>'
        f'<label>{say("shelf.source")}<select name="source">{sources}</select></label>'
        f'<label>{say("shelf.language")}<select name="language">{languages}</select></label>'
        f'<label>{say("shelf.from")}<input name="after" placeholder="{hint}" maxlength="10" '
        'autocomplete="off"></label>'
        f'<label>{say("shelf.to")}<input name="before" placeholder="{hint}" maxlength="10" '
        'autocomplete="off"></label>'
        f'<label>{say("shelf.sort")}<select name="order">{orders}</select></label>'
        f'<button type="reset" class="dl-link">{say("shelf.clear")}</button></form>'
    )


def render_options(
    every: str, values: Sequence[tuple[str, int]], name: Callable[[str], str] = str
) -> str:
    """The options of a menu, the first one for all, each with how many articles it has."""
    return f'<option value="">{every}</option>' + "".join(
        f'<option value="{escape_text(value)}">{escape_text(name(value))} ({count:,})</option>'
        for value, count in values
    )


def render_listing(
    say: Say, articles: Sequence[ArticleSummary], request: ListingRequest
) -> Listing:
    """The rows that the request asks for."""
    found = select_articles(articles, request)
    shown = found[request.first : request.first + PAGE]
    if not articles:
        count = say("shelf.empty")
    elif len(found) < len(articles):
        count = say("shelf.found", found=len(found), count=len(articles))
    else:
        count = say("shelf.articles", count=len(articles))
    rows = "".join(render_row(say, item) for item in shown)
    return Listing(rows, count, request.first + PAGE < len(found))


def render_row(say: Say, item: ArticleSummary) -> str:
    """One article of the list, with what can be done with it."""
    name = escape_text(item.title or item.id)
    facts = [item.source]
    if item.published:
        facts.append(f"{describe_date(item.published.iso)}, {describe_origin(item.published)}")
    facts += [say("shelf.passages", count=item.passages), item.id]
    facts.append(say("shelf.added_on", date=item.added_at[:10]))
    shown = "".join(f"<span>{escape_text(fact)}</span>" for fact in facts if fact)
    view = {"article": item.id, "digest": "", "number": 0, "passage": [0, 0], "quote": None}
    opens = escape_text(json.dumps({**view, "plain": True}))
    left_out = escape_text(json.dumps({**view, "plain": True, "boilerplate": True}))
    return (
        f'<li><div><h3 dir="auto">{name}</h3><p class="dl-facts">{shown}</p></div>'
        f'<div class="dl-actions"><button type="button" class="dl-open" data-open="{opens}" '
        f'aria-label="{say("shelf.read_label", title=name)}">{say("shelf.read")}</button>'
        f'<button type="button" class="dl-open" data-open="{left_out}" '
        f'aria-label="{say("shelf.left_out_label", title=name)}">{say("shelf.left_out")}</button>'
        f'<button type="button" class="dl-open" data-remove="{escape_text(item.id)}" '
        f'aria-label="{say("shelf.remove_label", title=name)}">{say("shelf.remove")}</button>'
        "</div></li>"
    )


def describe_result(say: Say, result: FileResult) -> str:
    """What became of one file, in plain text."""
    if result.detail and result.outcome in ("refused", "failed"):
        return result.detail
    return say(f"shelf.result_{result.outcome}", count=result.articles, article=result.detail)
