"""Three small articles, and what finds them in a library."""

from index import Article
from index.settings import Settings

SETTINGS = Settings(encoder="test")
SYSTEMS = ["dense", "bm25", "hybrid"]
HARBOUR = "The harbour bridge reopened on Friday after eleven months of repairs."
LIBRARY = "The city library will open at seven in the morning from June."
FERRY = "An electric ferry named Havbris began sailing between the islands."


def make_article(name, text, **details):
    return Article(name, details.pop("title", ""), text, location=f"/news/{name}", **details)


def make_three():
    return [
        make_article("harbour.txt", HARBOUR),
        make_article("library.txt", LIBRARY),
        make_article("ferry.txt", FERRY),
    ]


def find_ids(library, query, system="bm25", **options):
    return [hit.article.id for hit in library.search(query, system=system, **options)]
