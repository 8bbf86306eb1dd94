"""`python -m eval`: parses, runs, prints."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from eval import compare, conflicts, documents, init, kinship, news, reader, retrieval, support, when
from eval.bench import Given, bench
from eval.bench import table as bench_table
from eval.calibrate import calibrate
from eval.gate import Verdict, check, pin
from eval.limits import peak_mb
from eval.options import (
    TUNED,
    bench_parser,
    calibrate_parser,
    compare_parser,
    conflicts_parser,
    init_parser,
    news_parser,
    questions_parser,
    reader_parser,
    retrieval_parser,
    support_parser,
    when_parser,
)
from eval.progress import Bar, bar_on
from eval.questions import load_questions
from eval.report import Report, as_json, sentence, table, write, write_rows, wrong
from eval.run import summary, values
from eval.shipped import open_shipped
from eval.stages import search, store_of_documents, store_of_files, store_of_jsonl
from eval.suite import SEEDS, Opener, Suite, measure, source_texts
from ingest.embed import load_embedder
from ingest.errors import UserError
from ingest.ledger import FORMAT
from ingest.split import SPLITTER
from ingest.store import Store
from qa.ask import open_asker
from qa.confidence import CALIBRATION, load_calibration
from qa.config import DEFAULT, with_options
from qa.kin import KIN, WEIGHTS
from qa.reader import CHECKER, load_reader
from qa.rerank import in_its_words

STORE = f"store-{FORMAT}-{SPLITTER}"  # one made by another version is left alone, not refused
SHOWN = 25  # wrong answers listed in the terminal; the report has all


def main(arguments: Sequence[str] | None = None, opener: Opener = open_asker) -> int:
    """Run the command; returns its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    first = given[0] if given else ""
    command = COMMANDS.get(first)
    try:
        if first and not command and not first.startswith("-"):
            raise UserError(f"There is no command {first}: give one of {', '.join(COMMANDS)}, or none for the set.")
        return command(given[1:]) if command else _questions(given, opener)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def _questions(given: Sequence[str], opener: Opener) -> int:
    options = questions_parser().parse_args(given)
    whole = not options.without and options.model == "reader"
    if options.reason and not options.pin:
        raise UserError("--reason goes with --pin.")
    if options.pin and not whole:
        raise UserError("Floors are pinned for the whole pipeline: leave out --without and --model.")
    console = Console(stderr=options.json)
    with bar_on(console) as bar:
        report = _report(options, bar, opener)
    verdict = _gate(options, report) if whole else Verdict(True, "Floors are checked for the whole pipeline only.")
    report = replace(report, verdict=verdict.text)
    files = write(report, options.out)
    _show(console, report, files)
    if options.json:
        config = with_options(**dict.fromkeys(options.without, False)).digest()
        print(json.dumps({**as_json(report), "config": config, "floors": verdict.passed}))
    return 0 if verdict.passed else 1


def _report(options: argparse.Namespace, bar: Bar, opener: Opener) -> Report:
    folder = options.store or options.out / STORE
    if not options.store:
        store_of_files([SEEDS], folder, load_embedder(), bar.told)
    without = tuple(options.without)
    suite = Suite(options.questions, folder, not options.store, options.model, without, options.quick)
    return measure(suite, opener, bar)


def _gate(options: argparse.Namespace, report: Report) -> Verdict:
    means = summary(report.rows)
    if not options.pin:
        return check(means, report.set_name, report.digest, options.floors)
    measured = {name: (value, len(values(report.rows, name)) or len(report.rows)) for name, value in means.items()}
    measured["refusal_precision"] = (means["refusal_precision"], sum(row.refused for row in report.rows))
    lowered = pin(measured, report.set_name, report.digest, date.today(), options.reason, options.floors)
    told = f", lowered: {', '.join(lowered)}" if lowered else ""
    return Verdict(True, f"Floors pinned in {options.floors}{told}.")


def _show(console: Console, report: Report, files: Sequence[Path]) -> None:
    console.print(table(report))
    missed = wrong(report)
    for row in missed[:SHOWN]:
        asked = " → ".join([*row.history, row.question])
        got = row.error or ("refused" if row.refused else row.short or " ".join(row.answer.split())[:100])
        line = f"✗ {escape(row.id)}  {escape(asked)}  [dim]{escape(got)}[/dim]"
        console.print(line, highlight=False, no_wrap=True, overflow="ellipsis")
    if len(missed) > SHOWN:
        console.print(f"and {len(missed) - SHOWN} more")
    console.print(escape(sentence(report)), highlight=False, soft_wrap=True)
    console.print(f"Report: {', '.join(map(str, files))}", highlight=False, soft_wrap=True)


def _reader(given: Sequence[str]) -> int:
    options = reader_parser().parse_args(given)
    known, rows = reader.load_rows(options.file)
    rows = rows[: options.limit]
    with bar_on(Console(stderr=True)) as bar:
        decide, score = open_shipped(options.pipeline, date.today())
        found = list(bar.over("questions", reader.evaluate(known, rows, decide, score), len(rows)))
    return _figures(reader.summarise(known, found), options.json)


def _support(given: Sequence[str]) -> int:
    options = support_parser().parse_args(given)
    if (options.file is None) == (options.fit is None):
        raise UserError("Name a file to judge, or with --fit the folder of the training sets.")
    checker = load_reader(CHECKER)
    if options.fit:
        support.fit(options.fit, checker)
        return 0
    rows = support.load_rows(options.file)[: options.limit]
    with bar_on(Console(stderr=True)) as bar:
        if "premise" not in rows[0]:
            cases = support.mutations(rows)
            flags = list(bar.over("claims", support.flagged(cases, checker.supports), len(cases)))
            return _figures(support.by_kind(cases, flags), options.json)
        held = list(bar.over("claims", support.judge(rows, checker.supports), len(rows)))
        found = support.summarise(rows, held)
        if {row["label"] for row in rows} == set(support.LABELS):
            labels = list(bar.over("labels", support.three_ways(rows, checker), len(rows)))
            found["accuracy_three_ways"] = support.accuracy(rows, labels)
    return _figures(found, options.json)


def _retrieval(given: Sequence[str]) -> int:
    options = retrieval_parser().parse_args(given)
    collection = retrieval.load_collection(options.folder, options.split)
    embedder = load_embedder()
    folder = options.out / "retrieval" / f"{collection.digest}-{embedder.digest[:8]}"
    with bar_on(Console(stderr=True)) as bar:
        store_of_documents(collection.documents, folder, embedder, embedder.name, embedder.digest, bar.told)
        with Store.open(folder) as store:
            read = load_reader().read if options.stage == "rerank" else None
            found = search(options.stage, store, embedder, read, DEFAULT, options.depth)
            rows = list(bar.over("questions", retrieval.evaluate(collection, found), len(collection.questions)))
    return _figures(retrieval.summarise(rows), options.json)


def _news(given: Sequence[str]) -> int:
    options = news_parser().parse_args(given)
    quizzes, place = _quizzes(options)
    embedder = load_embedder()
    console = Console(stderr=options.json)
    with bar_on(console) as bar:
        same = store_of_jsonl(place / "articles", place / STORE, embedder, bar.told)
        asker = open_asker(place / STORE)
        with asker.store as store:
            pipeline = news.Pipeline(
                lambda question, day: asker.ask(question, as_of=day),
                lambda question, day: asker.find(question, as_of=day),
                {stage: search(stage, store, embedder, None, DEFAULT, 0) for stage in ("bm25", "dense", "hybrid")},
            )
            told = news.evaluate(quizzes, pipeline, same)
            rows = list(bar.over("questions", told, 2 * len(quizzes)))
            counts = {"articles": float(store.counts()["articles"]), "peak_mb": peak_mb()}
    found = {**counts, **news.summarise(rows)}
    write_rows(rows, options.out / "news")
    if not options.json:
        console.print(news.table(found))
    return _figures(found, options.json)


def _quizzes(options: argparse.Namespace) -> tuple[list[news.Quiz], Path]:
    """The questions, and the folder with the articles they are asked over, written where it is not there yet."""
    quizzes = news.load_quizzes(options.folder, options.questions)
    kept = options.cache or options.out / "news"
    place: Path = kept / f"store-{news.digest(options.folder, options.questions, options.articles)}"
    if not (place / "articles").is_dir():
        news.write_articles(options.folder, quizzes, options.articles, place / "articles")
    return quizzes, place


def _when(given: Sequence[str]) -> int:
    options = when_parser().parse_args(given)
    quizzes, place = _quizzes(options)
    embedder = load_embedder()
    with bar_on(Console(stderr=True)) as bar:
        same = store_of_jsonl(place / "articles", place / STORE, embedder, bar.told)
        with Store.open(place / STORE) as store:
            told = when.evaluate(quizzes, store, embedder, DEFAULT, same)
            rows = list(bar.over("questions", told, len(quizzes)))
    return _figures(when.summarise(rows), options.json)


def _conflicts(given: Sequence[str]) -> int:
    options = conflicts_parser().parse_args(given)
    stories = conflicts.load_stories()
    disputed = documents.load_documents(options.documents) if options.documents else []
    place = options.out / f"conflicts-{conflicts.digest(stories)}"
    if not (place / "articles").is_dir():
        conflicts.write_background(options.folder, stories, place / "articles")
    embedder, read, calibration = load_embedder(), in_its_words(load_reader().read), load_calibration()
    with bar_on(Console(stderr=True)) as bar:
        store_of_jsonl(place / "articles", place / STORE, embedder, bar.told)
        with Store.open(place / STORE) as store:
            known = {one.source: one for one in store.articles()}
            make = conflicts.copies if options.copies else conflicts.cases
            cases = list(make(stories[-(options.last or len(stories)) :], known))
            by = replace(calibration, threshold=calibration.least(store.counts()["passages"]))
            among = conflicts.searcher(store, read, embedder, by, DEFAULT)
            if options.fit:
                return _fit_kinship(cases, among, options.out / STORE, bar)
            answer = conflicts.answerer(among, by, DEFAULT)
            told = list(bar.over("planted", conflicts.evaluate(cases, answer), len(cases)))
        found = conflicts.searcher(None, read, embedder, calibration, DEFAULT)
        alone = conflicts.answerer(found, calibration, DEFAULT)
        judged = list(bar.over("documents", documents.evaluate_documents(disputed, alone), len(disputed)))
    conflicts.write_told(told, options.out / "conflicts")
    planted = "copied" if options.copies else "planted"
    figures = {f"{planted}_{name}": value for name, value in conflicts.summarise(told).items()}
    if disputed:
        figures |= {f"documents_{name}": value for name, value in documents.summarise_documents(judged).items()}
    return _figures(figures, options.json)


def _fit_kinship(cases: Sequence[conflicts.Case], among: conflicts.Search, folder: Path, bar: Bar) -> int:
    store_of_files([SEEDS], folder, load_embedder(), bar.told)
    asker = open_asker(folder)
    with asker.store as store:
        questions = load_questions(TUNED, source_texts(store, seeds=True)).questions
        found = [*bar.over("planted", kinship.of_cases(cases, among, asker.threshold), len(cases))]
        found += bar.over("questions", kinship.of_questions(questions, asker), len(questions))
    for name, weights, least in (("as it stands", WEIGHTS, KIN), ("fitted", *kinship.fit(found))):
        right, wrong, conflicting = kinship.counts(found, weights, least)
        print(f"{name}: {right} of {conflicting} conflicts found, {wrong} false; WEIGHTS = {weights}, KIN = {least}")
    return 0


def _compare(given: Sequence[str]) -> int:
    options = compare_parser().parse_args(given)
    before, after = compare.load_run(options.before), compare.load_run(options.after)
    compare.check_same(before, after)
    pairs = compare.pair(before, after)
    if options.measure not in pairs:
        raise UserError(f"There is no measure {options.measure}: give one of {', '.join(pairs)}.")
    changed = compare.changed(before, after, options.measure)
    console = Console(stderr=options.json)
    console.print(compare.table(pairs))
    console.print(compare.side_by_side(before, after, changed, options.measure) if changed else "No answer changed.")
    if options.json:
        measures = {name: one.to_json() for name, one in pairs.items()}
        told = {"questions": len(before), "measure": options.measure, **measures[options.measure]}
        print(json.dumps({**told, "changed": changed, "measures": measures}))
    return 0


def _init(given: Sequence[str]) -> int:
    options = init_parser().parse_args(given)
    articles = init.titles(options.folder, options.most)
    text = init.template(options.folder, options.file, articles)
    try:
        with options.file.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UserError(f"{options.file} is there already: name another with --file.") from None
    except OSError as error:
        raise UserError(f"Cannot write {options.file}: {error.strerror}.") from error
    if options.json:
        print(json.dumps({"file": str(options.file), "articles": len(articles)}))
    else:
        print(f"Wrote {options.file}, with blocks for {len(articles)} articles. Fill it in, then:")
        print(f"  python -m ingest {options.folder} --store my-store")
        print(f"  python -m eval --questions {options.file} --store my-store")
    return 0


def _figures(found: Mapping[str, float], as_line: bool) -> int:
    shown = {name: round(value, 4) for name, value in found.items()}
    if as_line:
        print(json.dumps(shown))
    else:
        print("\n".join(f"{name:20} {value:g}" for name, value in shown.items()))
    return 0


def _bench(given: Sequence[str]) -> int:
    options = bench_parser().parse_args(given)
    console = Console(stderr=options.json)
    with bar_on(console) as bar:
        work = options.out / "bench"
        found = bench(
            Given(SEEDS, options.rounds, work, options.articles, options.store, options.few, options.models), bar
        )
    console.print(bench_table(found))
    for what in found.skipped:
        console.print(f"Left out: {what}.", soft_wrap=True)
    if options.json:
        print(json.dumps(found.to_json()))
    return 0


def _calibrate(given: Sequence[str]) -> int:
    parser = calibrate_parser()
    options = parser.parse_args(given)
    if len(options.larger) == 1:
        parser.error("--larger takes a store and at least one set over its articles")
    small = options.out / STORE
    with bar_on(Console(stderr=True)) as bar, ExitStack() as stores:
        store_of_files([SEEDS], small, load_embedder(), bar.told)
        sets = []
        for folder, *files in filter(None, [[small, options.questions], options.larger]):
            asker = open_asker(folder)
            texts = source_texts(stores.enter_context(asker.store), seeds=folder == small)
            sets += [(asker, load_questions(file, texts)) for file in files]
        made = calibrate(sets[0], sets[1:], CALIBRATION, partial(bar.told, "questions"))
    print(f"Fitted on {', '.join(held.name for _, held in sets)}, written to {CALIBRATION.name}.")
    if options.json:
        print(json.dumps({"bias": made.bias, "weights": made.weights}))
    return 0


COMMANDS = {
    "reader": _reader,
    "retrieval": _retrieval,
    "support": _support,
    "news": _news,
    "when": _when,
    "conflicts": _conflicts,
    "compare": _compare,
    "init": _init,
    "bench": _bench,
    "calibrate": _calibrate,
}

if __name__ == "__main__":
    sys.exit(main())
