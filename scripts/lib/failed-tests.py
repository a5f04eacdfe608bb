"""What failed, in a few lines each, for whoever has only the end of a CI log: name, message, place, and what the servers
said while the test ran.    failed-tests.py RESULTS-FOLDER"""

import re
import sys
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timedelta
from pathlib import Path

TEAM_TEST = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"
MESSAGE_LINES = 8
LOG_LINES = 25


def main():
    results = Path(sys.argv[1])
    for trx in sorted(results.glob("*.trx")):
        for result in ElementTree.parse(str(trx)).getroot().iter(TEAM_TEST + "UnitTestResult"):
            if result.get("outcome") not in ("Passed", "NotExecuted"):
                tell(result, results / "logs")


def tell(result, logs):
    print("\nFAILED %s (%s)" % (result.get("testName"), result.get("duration")))
    error = result.find("./%sOutput/%sErrorInfo" % (TEAM_TEST, TEAM_TEST))
    message = (error.findtext(TEAM_TEST + "Message") or "") if error is not None else "no message"
    for line in cut(message.strip().splitlines(), MESSAGE_LINES):
        print("  " + line[:500])
    trace = (error.findtext(TEAM_TEST + "StackTrace") or "") if error is not None else ""
    place = re.search(r" in (.*tests/.*:line \d+)", trace)
    if place:
        print("  at " + place.group(1))
    began, ended = moment(result.get("startTime")), moment(result.get("endTime"))
    for log in sorted(logs.rglob("*.log")) if logs.is_dir() else []:
        said = [line for line in log.read_text(errors="replace").splitlines() if is_between(line, began, ended)]
        if said:
            print("  -- %s" % log.relative_to(logs))
        for line in said[-LOG_LINES:]:
            print("  | " + line[:300])


def cut(lines, limit):
    """The beginning and the end: what was expected stands in one, what the server said in the other."""
    return lines if len(lines) <= 2 * limit else lines[:limit] + ["..."] + lines[-limit:]


def moment(text):
    return datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")


def is_between(line, began, ended):
    """Server logs give the time of day only, in UTC; a test is over within the day."""
    clock = re.match(r"(\d\d:\d\d:\d\d) ", line)
    if not clock:
        return False
    at = datetime.combine(began.date(), datetime.strptime(clock.group(1), "%H:%M:%S").time())
    return began - timedelta(seconds=1) <= at <= ended + timedelta(seconds=1)


if __name__ == "__main__":
    main()
