"""Makes many rows of few: a job of a throw-away home is copied, and so are the trials of the newest one.

    crowd.py HOME JOBS TRIALS

What is copied is what the server wrote itself, so that nothing here knows the tables beyond their keys. The server may run meanwhile.
"""
import datetime
import pathlib
import random
import sqlite3
import sys
import time

home, jobs, trials = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
file = next(one for one in sorted(home.rglob("*")) if one.is_file() and one.open("rb").read(15) == b"SQLite format 3")
database = sqlite3.connect(file, timeout=30, isolation_level=None)
database.row_factory = sqlite3.Row
chance = random.Random(7)
# Before now, so that a new job is still the newest.
first = int(time.time() * 1000) - 30 * 86_400_000


def new_id(like, place):
    """A UUID in the order of its making, stored as the ones that are there."""
    octets = (first + place).to_bytes(6, "big") + b"\x70\x00\x80\x00" + chance.randbytes(6)
    return octets if isinstance(like, bytes) else "-".join([octets[:4].hex(), octets[4:6].hex(), octets[6:8].hex(), octets[8:10].hex(), octets[10:].hex()])


def earlier(moment, minutes):
    """The moment as it is written, so many minutes earlier."""
    if not isinstance(moment, str):
        return moment
    date = datetime.datetime.fromisoformat(moment[:19]) - datetime.timedelta(minutes=minutes)
    return date.isoformat(sep=moment[10]) + moment[19:]


def insert(table, row):
    names = list(row)
    database.execute(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' for _ in names)})", [row[name] for name in names])


job = dict(database.execute("SELECT * FROM job ORDER BY created_at DESC LIMIT 1").fetchone())
model = dict(database.execute("SELECT * FROM model WHERE job_id = ?", [job["id"]]).fetchone())
steps = [dict(row) for row in database.execute("SELECT * FROM step WHERE job_id = ?", [job["id"]])]
kinds = [dict(row) for row in database.execute("SELECT * FROM trial WHERE job_id = ? AND state = 'completed' ORDER BY number", [job["id"]])]
last = database.execute("SELECT max(number) FROM trial WHERE job_id = ?", [job["id"]]).fetchone()[0]

database.execute("BEGIN IMMEDIATE")
for place in range(jobs):
    key = new_id(job["id"], place)
    moments = {name: earlier(job[name], jobs - place) for name in ("created_at", "started_at", "finished_at")}
    insert("job", {**job, **moments, "id": key, "name": f"{chance.choice(['Churn', 'Flowers', 'Prices', 'Yield'])} {place}"})
    insert("model", {**model, "id": new_id(model["id"], place), "job_id": key, "created_at": moments["finished_at"] or model["created_at"]})
    for step in steps if place % 100 == 0 else []:
        insert("step", {**step, "job_id": key})
for place in range(trials):
    kind = kinds[1 + place % (len(kinds) - 1)] if len(kinds) > 1 else kinds[0]
    number = last + 1 + place
    insert("trial", {**kind, "id": new_id(kind["id"], place), "number": number, "name": f"{kind['learner']} {number}", "score": kind["score"] * chance.uniform(0.9, 1), "weight": None})
database.execute("COMMIT")
print(f"{jobs} jobs and {trials} trials more in {file.name}")
