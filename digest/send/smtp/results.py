"""What became of each job of a run: kept, counted, and tried again where that may help."""

from __future__ import annotations

from digest.send.delivery import Change, Job, Patience, State, Tally
from digest.send.smtp.book import Scribe
from digest.send.smtp.replies import Reply, Verdict, dead


class Results:
    """The accounts of one run."""

    def __init__(self, scribe: Scribe, tally: Tally, patience: Patience) -> None:
        self._scribe = scribe
        self._tally = tally
        self._patience = patience
        self._drops: dict[str, int] = {}
        self._answers = 0
        self._answers_at: dict[str, int] = {}

    def judged(self, job: Job, verdict: Verdict, reply: Reply) -> None:
        """The server decided on this recipient."""
        self._answers += 1
        wait = self._wait(job, grey=verdict.grey) if verdict.state == "temp" else 0.0
        # A server that has taken nobody's mail yet may say it of everybody: then it is broken.
        gone = dead(reply) if verdict.state == "perm" and self._tally.sent else ""
        self._settle(job, verdict.state, reply, wait=wait, gone=gone)

    def impossible(self, job: Job, why: str) -> None:
        """There is no way to send to this recipient."""
        self._settle(job, "perm", why)

    def lost(self, job: Job, why: str) -> None:
        """The message was handed over, and the answer is lost."""
        why = f"The connection broke before the answer: {why}."
        self._settle(job, "unknown", why)

    def begun(self, job: Job, token: object) -> bool:
        """Keep the intent to send; whether it is durable at once, else `token` tells it."""
        return self._scribe.put(Change(job, "sending", attempts=job.attempts), token)

    def left(self, job: Job) -> None:
        """The recipient left before the message went, and the book knows it."""
        self._drops.pop(job.key, None)
        self._answers_at.pop(job.key, None)
        self._tally.withdrawn += 1

    def released(self, job: Job) -> None:
        """Nothing of this job's message went out: it is planned as before."""
        self._scribe.put(Change(job, "planned", attempts=job.attempts))

    def dropped(self, job: Job, why: str, *, blamed: bool = True) -> bool:
        """The connection broke before the final dot; whether the job is to be done in this round.

        One that is not `blamed` is tried again without end.
        """
        drops = self._drops[job.key] = self._drops.get(job.key, 0) + 1
        if drops < self._patience.drops or not blamed:
            self.released(job)
            return True
        wait = self._wait(job, grey=False)
        self._settle(job, "temp", f"The connection broke: {why}.", wait=wait)
        return False

    def dropped_envelope(self, job: Job, why: str) -> bool:
        """The same amid its envelope: the recipient is blamed only where others have answers."""
        first = self._answers_at.setdefault(job.key, self._answers)
        return self.dropped(job, why, blamed=self._answers > first)

    def put_off(self, job: Job, reply: Reply) -> None:
        """The server did not take it, for a reason that is none of the recipient's."""
        self._settle(job, "temp", reply, wait=self._wait(job, grey=False))

    def _wait(self, job: Job, *, grey: bool) -> float:
        """Seconds until another attempt; 0 where there is none."""
        waits = self._patience.retry
        if job.attempts >= len(waits):
            return 0.0
        return max(waits[job.attempts], self._patience.grey if grey else 0.0)

    def _settle(
        self, job: Job, state: State, said: Reply | str, *, wait: float = 0.0, gone: str = ""
    ) -> None:
        self._drops.pop(job.key, None)
        self._answers_at.pop(job.key, None)
        code, text = (0, said) if isinstance(said, str) else (said.code, said.text)
        self._scribe.put(Change(job, state, code, text, job.attempts + 1, wait, gone))
        if not wait:
            setattr(self._tally, state, getattr(self._tally, state) + 1)
