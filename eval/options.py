"""The options of the commands, and the help that teaches them."""

import argparse
from pathlib import Path

from eval.gate import FLOORS
from eval.questions import REPORTED
from eval.retrieval import STAGES
from ingest.errors import Parser
from qa.config import DEFAULT

OUT = Path("eval-out")
TUNED = REPORTED.with_name("dev.toml")

BENCH = """Both sides take turns in one run, so that a busy machine is busy for both. The usual stack:
langchain_chroma.Chroma, HuggingFaceEmbeddings, RecursiveCharacterTextSplitter; it only retrieves.
  set-up               the packages that each side needs, on disk
  cold start           a process that opens a store of the five seeds, finds (Byline: answers) and ends
  ingest               the seeds, and 100 articles of --articles, into a new store; then the same again
  search, whole answer 50 headlines put to stores of 5, 2,000 (--articles) and more articles (--store), warm; Chroma is
                       filled with the same passages and vectors
  embedding, reading   the models alone, beside transformers in fp32; GFLOP/s beside large matrix products
examples:
  python -m eval bench
  python -m eval bench --articles ../shared/data/news --store newsstore
  python -m eval bench --models --rounds 9"""

FIT = """Reads every question of a set over seeds/ with the shipped reader and fits, by logistic regression, how likely
each candidate sentence answers. With --larger, which names a store and sets over it, those are read as well, and what
holds in a large store is fitted on all. Writes qa/weights/calibration.json. Never fit on a reported set.
examples:
  python -m eval calibrate
  python -m eval calibrate --larger store-2024 eval/questions/news-dev.toml eval/questions/asked-dev.toml"""

EXAMPLES = """examples:
  python -m eval                                      the hand-written set over seeds/, against its floors
  python -m eval --questions eval/questions/dev.toml  the set to tune on
  python -m eval --questions mine.toml --store store  your own questions over your own articles
  python -m eval --without rerank                     the same with a stage left out: dense, bm25 or rerank
  python -m eval --quick                              without the baselines that run the pipeline again
  python -m eval --pin                                pin the floors at what was measured (lower ones: --reason "why")
  python -m eval reader squad-dev.jsonl.gz            reading and refusing, on a public set
  python -m eval retrieval scifact --stage hybrid     retrieval, on a folder in BEIR layout
  python -m eval news ../shared/data/news             the whole pipeline, on news-quiz questions
  python -m eval support FILE                         the check of a chat model's sentences
  python -m eval when ../shared/data/news             does the time asked about help
  python -m eval conflicts ../shared/data/news        do answers say when sources disagree
  python -m eval compare before after                 two results, question by question
  python -m eval init my-articles                     start a set of your own
  python -m eval bench                                speed, beside the usual stack
  python -m eval calibrate                            fit the probability again, on the set to tune on
exit status: 0, 1 under the floors, 2 for wrong use or bad input.
eval/questions/README.md says how to write questions."""

READER = """FILE holds JSON lines (.gz too) in one of three formats, told apart by their keys:
  SQuAD    id question context answers{text[]} is_impossible
           gives exact, f1, f1_answerable, refused_right, answered_right
  CLAPNQ   id input passages[{title,text,sentences}] output[{answer,selected_sentences}]
           gives sentence_recall, sentence_precision, refused_right, answered_right
  TREC QA  id question candidates[{text,label}]
           gives map, mrr
exact and f1 count every question at the shipped threshold; f1_answerable takes the best span of the answerable
ones, shown or not; refused_right is the share of the unanswerable questions that were refused, answered_right the
share of the answerable ones that were answered.
examples:
  python -m eval reader ../shared/data/reader/test/squad20-dev.jsonl.gz
  python -m eval reader squad20-dev.jsonl.gz --limit 500 --pipeline --json"""

SUPPORT = """FILE holds JSON lines (.gz too), told apart by their keys:
  premise  hypothesis and label: entailment, or not_entailment, contradiction, neutral
           gives accuracy, balanced_accuracy, supported_kept, unsupported_flagged; with the three labels told apart in
           it also accuracy_three_ways, by weights that --fit makes from the folder of the training sets
  text     articles: claims made of their own sentences, as they were and made wrong; gives the share flagged of each
           kind, true_flagged and wrong_flagged
examples:
  python -m eval support ../shared/data/support/test/qags-cnndm.jsonl.gz
  python -m eval support --fit ../shared/data/support/train"""

RETRIEVAL = """DIR holds corpus.jsonl, queries.jsonl (.gz too) and qrels/test.tsv or qrels-test.tsv. A document counts
by its best passage. The store made of the corpus is kept under --out and used again.
gives ndcg@10, recall@10, recall@100, mrr@10 of the first 100 documents, and the time of a search in milliseconds
examples:
  python -m eval retrieval ../shared/data/retrieval/scifact
  python -m eval retrieval scifact --stage bm25 --json     bm25, dense, hybrid (both fused) or rerank (all)"""


NEWS = """DIR holds questions*.jsonl and articles*.jsonl (.gz too): a question has question_id, question, question_date,
choices, answer_idx, and lists of article ids: gold_ids (linked in the quiz), ids_containing_answer (weak: a web search
found the article and the answer stands in it), retrieved_ids (the web search alone). Its evidence text is never used.
The first run ingests the articles; a later one finds them under --cache. The hashes of their ids decide which of the
weakly labelled questions are asked, and which articles are taken: all that hold the answers, then those that the web
search found, then any.
  right, exact, f1   of the answer shown to the question as it is; a refusal gets 0
  best_span          the best span of all passages read is the answer, whether it is shown or refused
  choice_right       the question asked with its choices, and the right one answered (choice_most_named: by counting
                     which choice the first 20 passages name most)
  STAGE_LABEL@k      an article with that label is among the first k
STAGE is bm25, dense, hybrid (both fused) or pipeline (read and reranked). Results go to news/ under --out;
python -m eval compare takes two such folders.
examples:
  python -m eval news ../shared/data/news
  python -m eval news ../shared/data/news --articles 500 --questions 30 --json     a quick look"""


WHEN = """DIR is what python -m eval news takes, and the store is shared with it. Each question is asked as of its day
over the fused ranking, without the lean towards the time asked about and with it: hit@1, hit@5 and mrr of the articles
that hold the answer, for questions with a time in them (timed) and without, on the half of the questions that the
lean was chosen on (tuning) and on the other (reported).
examples:
  python -m eval when ../shared/data/news
  python -m eval when ../shared/data/news --articles 1000 --questions 200 --json"""


CONFLICTS = """DIR holds articles*.jsonl (.gz too), those among them that eval/questions/conflicts.toml is about: second
reports of the same events are put beside them, one at a time, with the same value, another, or another thing counted.
  planted_HALF_precision, _recall   of "sources disagree", with both values named; all was chosen on the tuning half
  copied_...  with --copies: the whole article again, of the same story, from another publisher, the value in it changed
--documents takes questions with documents that disagree (RAMDocs: question, documents{text,type}, gold_answers,
wrong_answers), each document a source of its own:
  documents_HALF_found, _all_found  share of the right answers that the answer names; of questions with all of them
  ..._misled                        a wrong value is the answer, and nothing says that sources disagree
  ..._misinformation_agreed, ..._noise_agreed   such a document is cited for the answer as agreeing with others
examples:
  python -m eval conflicts ../shared/data/news
  python -m eval conflicts ../shared/data/news --last 40      the stories written last
  python -m eval conflicts ../shared/data/news --fit          how to weigh what two values have in common, for qa/kin.py
  python -m eval conflicts ../shared/data/news --documents ../shared/data/conflict/ramdocs-a.jsonl.gz --json"""


COMPARE = """A and B are folders that python -m eval, or python -m eval news, left under --out (or their rows.jsonl),
of the same questions. Each question is compared with itself: B wins where its value is higher. The interval is of the
mean difference, by a paired bootstrap with a fixed seed; one that holds no 0 speaks for a real difference.
examples:
  python -m eval --quick --out before      then change something
  python -m eval --quick --out after
  python -m eval compare before after
  python -m eval compare before after --measure hit@5"""

INIT = """Writes a set of questions to fill in: three blocks for each article under FOLDER, with its title in front.
Leave no field empty: python -m eval --questions FILE names what is missing by its line. eval/questions/README.md says
what each field holds.
examples:
  python -m eval init my-articles
  python -m eval init my-articles --file mine.toml --most 5"""


def compare_parser() -> argparse.ArgumentParser:
    """Options of `python -m eval compare`."""
    parser = _bare("python -m eval compare", "What a change did, question by question.", COMPARE)
    parser.add_argument("before", type=Path, metavar="A", help="results before the change")
    parser.add_argument("after", type=Path, metavar="B", help="results after it")
    parser.add_argument("--measure", default="right", metavar="NAME", help="what wins; default: %(default)s")
    return parser


def init_parser() -> argparse.ArgumentParser:
    """Options of `python -m eval init`."""
    parser = _bare("python -m eval init", "Start a set of questions about your own articles.", INIT)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="articles, as for python -m ingest")
    parser.add_argument("--file", type=Path, default=Path("questions.toml"), help="what to write; default: %(default)s")
    parser.add_argument("--most", type=_count, default=20, metavar="N", help="articles to ask about; default: 20")
    return parser


def questions_parser() -> argparse.ArgumentParser:
    """Options of `python -m eval`."""
    parser = _parser("python -m eval", "Ask a set of questions whose right answers are known, and count.", EXAMPLES)
    parser.add_argument(
        "--questions", type=Path, default=REPORTED, metavar="FILE", help="a set; default: the reported one"
    )
    parser.add_argument("--store", type=Path, metavar="DIR", help="the store to ask; default: one made of seeds/")
    parser.add_argument("--model", default="reader", metavar="NAME", help="the answering model, as for python -m qa")
    parser.add_argument(
        "--without", action="append", default=[], choices=("dense", "bm25", "rerank"), help="leave a stage out"
    )
    parser.add_argument("--quick", action="store_true", help="leave out the baselines that run the pipeline again")
    parser.add_argument("--pin", action="store_true", help="pin the floors one question under what is measured")
    parser.add_argument("--reason", default="", metavar="WHY", help="why a floor is lowered; stays on record")
    parser.add_argument("--floors", type=Path, default=FLOORS, metavar="FILE", help="default: eval/floors.toml")
    return parser


def reader_parser() -> argparse.ArgumentParser:
    """Options of `python -m eval reader`."""
    parser = _parser("python -m eval reader", "How well the reader reads and refuses, given the text.", READER)
    parser.add_argument("file", type=Path, metavar="FILE", help="questions, one JSON object a line")
    parser.add_argument("--limit", type=_count, metavar="N", help="only the first N questions")
    parser.add_argument(
        "--pipeline", action="store_true", help="refuse and cite by the whole pipeline's rules, not the reader's own"
    )
    return parser


def support_parser() -> argparse.ArgumentParser:
    """Options of `python -m eval support`."""
    parser = _bare("python -m eval support", "What the check of a draft's sentences finds and misses.", SUPPORT)
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help="claims with their texts, or articles")
    parser.add_argument("--limit", type=_count, metavar="N", help="only the first N rows")
    parser.add_argument("--fit", type=Path, metavar="DIR", help="fit the three ways on the sets in DIR")
    return parser


def retrieval_parser() -> argparse.ArgumentParser:
    """Options of `python -m eval retrieval`."""
    parser = _parser("python -m eval retrieval", "How well the right documents are found.", RETRIEVAL)
    parser.add_argument("folder", type=Path, metavar="DIR", help="corpus.jsonl, queries.jsonl and qrels")
    parser.add_argument("--stage", default="rerank", choices=STAGES, help="default: %(default)s")
    parser.add_argument("--split", default="test", metavar="NAME", help="which qrels; default: %(default)s")
    parser.add_argument(
        "--depth", type=_count, default=DEFAULT.fused, metavar="N", help="passages reranked; default: %(default)s"
    )
    return parser


def news_parser() -> argparse.ArgumentParser:
    """Options of `python -m eval news`."""
    return _over_quiz(_parser("python -m eval news", "Finding, reading and choosing on news-quiz questions.", NEWS))


def when_parser() -> argparse.ArgumentParser:
    """Options of `python -m eval when`."""
    return _over_quiz(
        _parser("python -m eval when", "Does the time asked about bring the right articles forward?", WHEN)
    )


def conflicts_parser() -> argparse.ArgumentParser:
    """Options of `python -m eval conflicts`."""
    parser = _parser("python -m eval conflicts", "Do answers say when sources disagree?", CONFLICTS)
    parser.add_argument("folder", type=Path, metavar="DIR", help="articles*.jsonl")
    parser.add_argument("--documents", type=Path, metavar="FILE", help="questions whose documents disagree")
    parser.add_argument("--last", type=_count, metavar="N", help="only the last N of the stories")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--copies", action="store_true", help="plant copies of the articles, not second reports")
    kind.add_argument("--fit", action="store_true", help="print weights for qa/kin.py, fitted on the half to tune on")
    return parser


def bench_parser() -> argparse.ArgumentParser:
    """Options of `python -m eval bench`."""
    parser = _parser(
        "python -m eval bench", "How fast, beside the usual stack on the same articles and weights.", BENCH
    )
    parser.add_argument("--rounds", type=_count, default=3, metavar="N", help="times each side runs; default: 3")
    parser.add_argument(
        "--articles", type=Path, nargs="+", default=[], metavar="PATH", help="JSON lines, or folders of articles*.jsonl"
    )
    parser.add_argument(
        "--few", type=_count, default=100, metavar="N", help="articles that both ingest in each round; default: 100"
    )
    parser.add_argument("--store", type=Path, nargs="+", default=[], metavar="DIR", help="stores to search as well")
    parser.add_argument("--models", action="store_true", help="only the embedder and the reader")
    return parser


def calibrate_parser() -> argparse.ArgumentParser:
    """Options of `python -m eval calibrate`."""
    parser = _parser("python -m eval calibrate", "Fit the probability that decides between answering and not.", FIT)
    parser.add_argument(
        "--questions", type=Path, default=TUNED, metavar="FILE", help="default: eval/questions/dev.toml"
    )
    parser.add_argument(
        "--larger", type=Path, nargs="+", default=[], metavar="PATH", help="another store, then sets over its articles"
    )
    return parser


def _parser(name: str, told: str, more: str) -> argparse.ArgumentParser:
    parser = _bare(name, told, more)
    parser.add_argument("--out", type=Path, default=OUT, metavar="DIR", help="where results go; default: %(default)s")
    return parser


def _over_quiz(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The parser with what both commands over a news quiz take."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="questions*.jsonl and articles*.jsonl")
    parser.add_argument("--articles", type=_count, default=3000, metavar="N", help="default: %(default)s")
    parser.add_argument("--questions", type=_count, default=300, metavar="N", help="default: %(default)s")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="where stores are kept; default: news/ under --out")
    return parser


def _bare(name: str, told: str, more: str) -> argparse.ArgumentParser:
    shape = argparse.RawDescriptionHelpFormatter
    parser = Parser(prog=name, description=told, epilog=more, formatter_class=shape)
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give a number from 1 up")
    return number
