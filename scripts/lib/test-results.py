"""Reads the result files of a test run.
    test-results.py failed RESULTS-FOLDER SUITE    the methods of a suite that failed, one a line; none where the suite did
                                                   not run to its end, or so many failed that it is no accident
    test-results.py count RESULTS-FOLDER           a line per suite that skipped, passed on the second try or ran nothing,
                                                   then one per kind of provider and store with its share of the
                                                   conformance suites, then PASSED FAILED and the suites that are not green
A suite's first run lies in SUITE.trx, the second try of what failed in it in SUITE.again.trx; the second counts."""

import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

TEAM_TEST = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"
AGAIN = ".again.trx"
RAN_TO_ITS_END = "All tests finished running"  # what the blame collector of `dotnet test` says only then
ACCIDENTS = 3
# A provider's suite runs twice: the second time, "Otherwise", with every switch of its emulator the other way.
CONFORMANCE = re.compile(r"\.(\w+(?:Provider|ProviderOtherwise|Store)(?=Conformance\.)|S3Store\w+(?=\.))")


def main():
    verb, results = sys.argv[1], Path(sys.argv[2])
    if verb == "failed":
        failed(results / (sys.argv[3] + ".trx"))
    else:
        count(results)


def failed(trx):
    methods = sorted({method for method, outcome in read(trx).values() if outcome == "failed"})
    if len(methods) <= ACCIDENTS and RAN_TO_ITS_END in trx.read_text(encoding="utf-8-sig"):
        print("".join(method + "\n" for method in methods), end="")


def count(results):
    passed, failed, not_green = 0, 0, []
    for trx in sorted(path for path in results.glob("*.trx") if not path.name.endswith(AGAIN)):
        suite = trx.name[: -len(".trx")]
        outcomes = {name: outcome for name, (_, outcome) in read(trx).items()}
        for name, (_, outcome) in read(results / (suite + AGAIN)).items():
            if outcomes.get(name) == "failed":
                outcomes[name] = outcome
                if outcome == "passed":
                    print("%s: passed on the second try only: %s" % (suite, name))
        tally = [list(outcomes.values()).count(outcome) for outcome in ("passed", "failed", "skipped")]
        passed, failed = passed + tally[0], failed + tally[1]
        if tally[2]:
            print("%s: %d skipped" % (suite, tally[2]))
        conforming = {}
        for name, outcome in outcomes.items():
            kind = CONFORMANCE.search(name)
            if kind:
                counts = conforming.setdefault(kind.group(1), [0, 0])
                counts[outcome == "failed"] += outcome != "skipped"
        for kind, (good, bad) in sorted(conforming.items()):
            print("conformance, %s: %d passed, %d failed" % (kind, good, bad))
        if tally[0] == 0 or tally[1] > 0:  # a suite in which nothing ran is broken, not green
            not_green.append(suite)
    print(passed, failed, *not_green)


def read(trx):
    """From a test's name, with the arguments of its case, to its method and outcome. Cases of equal names are kept apart."""
    if not trx.exists():
        return {}
    root = ElementTree.parse(str(trx)).getroot()
    methods = {test.get("id"): test.find(TEAM_TEST + "TestMethod") for test in root.iter(TEAM_TEST + "UnitTest")}
    found = {}
    for result in root.iter(TEAM_TEST + "UnitTestResult"):
        method = methods[result.get("testId")]
        name = result.get("testName")
        while name in found:
            name += "'"
        outcome = {"Passed": "passed", "NotExecuted": "skipped"}.get(result.get("outcome"), "failed")
        found[name] = ("%s.%s" % (method.get("className"), method.get("name").split("(")[0]), outcome)
    return found


if __name__ == "__main__":
    main()
