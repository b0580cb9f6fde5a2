"""Who asks for little is not kept waiting by who asks for much; the waits here are simulated."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from hsgraph.engine.runners.disconnect import Disconnect
from hsgraph.server.runtime import pools
from hsgraph.server.runtime.pools import Busy, Shares

Talk = Coroutine[Any, Any, None]


class Clock:
    """Seconds that pass when a test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(pools, "monotonic", made)
    return made


class Asked:
    """One request of a client: whether it goes on, was refused, may take long."""

    def __init__(self, shares: Shares, client: str) -> None:
        self.request, self.client = Disconnect(), client
        self.begun = self.busy = False
        self.over = asyncio.Event()
        self.task = asyncio.ensure_future(self._go(shares))

    async def _go(self, shares: Shares) -> None:
        try:
            async with shares.one(self.client, self.request):
                self.begun = True
                await self.over.wait()
        except Busy:
            self.busy = True

    async def end(self, spent: float | None = None) -> None:
        """Be answered after so many seconds of work."""
        self.request.spent = spent
        self.over.set()
        await self.task
        await settled()


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def asked(shares: Shares, *clients: str) -> list[Asked]:
    made: list[Asked] = []
    for client in clients:
        made.append(Asked(shares, client))
        await settled()
    return made


def begun(those: list[Asked]) -> list[str]:
    return [each.client for each in those if each.begun]


def run(talk: Callable[[], Talk]) -> None:
    """In a thread of its own: Playwright leaves a loop running in that of the tests."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, talk()).result()


def test_a_client_holds_no_more_than_its_share_while_others_begin() -> None:
    async def talk() -> None:
        those = await asked(Shares(4, 2, 60, 9), "a", "a", "a", "b")
        assert begun(those) == ["a", "a", "b"]
        await those[0].end()
        assert begun(those) == ["a", "a", "a", "b"]

    run(talk)


def test_a_place_stays_free_where_those_who_wait_have_their_share() -> None:
    async def talk() -> None:
        those = await asked(Shares(2, 1, 60, 9), "a", "b", "a")
        await those[1].end()
        assert begun(those) == ["a", "b"]

    run(talk)


@pytest.mark.usefixtures("clock")
def test_next_is_who_was_worked_for_least() -> None:
    async def talk() -> None:
        those = await asked(Shares(1, 1, 60, 9), "a", "a", "b")
        await those[0].end(spent=5.0)
        assert begun(those[1:]) == ["b"]

    run(talk)


def test_work_is_forgotten_in_time(clock: Clock) -> None:
    async def talk() -> None:
        shares = Shares(1, 1, 60, 9)
        (long_ago,) = await asked(shares, "a")
        await long_ago.end(spent=4.0)
        clock.now += 60.0
        (of_late,) = await asked(shares, "b")
        await of_late.end(spent=1.5)
        those = await asked(shares, "c", "b", "a")
        await those[0].end(spent=0.0)
        assert begun(those[1:]) == ["a"]

    run(talk)


@pytest.mark.usefixtures("clock")
def test_who_asks_for_one_thing_comes_before_who_asks_for_many() -> None:
    async def talk() -> None:
        those = await asked(Shares(1, 1, 60, 9), "c", "a", "a", "a", "b")
        await those[0].end(spent=0.0)
        assert begun(those[1:]) == ["b"]

    run(talk)


def test_what_takes_long_makes_room_but_not_without_end() -> None:
    async def talk() -> None:
        those = await asked(Shares(1, 1, 60, 9), "a", "b", "c", "d")
        for number in range(2):
            assert those[number].request.lengthen()
            await settled()
        assert begun(those) == ["a", "b", "c"]
        assert not those[2].request.lengthen()
        await settled()
        assert begun(those) == ["a", "b", "c"]

    run(talk)


def test_room_that_was_made_is_taken_back() -> None:
    async def talk() -> None:
        shares = Shares(1, 1, 60, 9)
        (long,) = await asked(shares, "a")
        assert long.request.lengthen()
        await settled()
        (beside,) = await asked(shares, "b")
        assert beside.begun
        await long.end()
        await beside.end()
        assert beside.request.lengthen()  # too late: it is over
        await settled()
        assert begun(await asked(shares, "c", "d")) == ["c"]

    run(talk)


@pytest.mark.usefixtures("clock")
def test_where_too_many_wait_it_is_refused_who_was_worked_for_most() -> None:
    async def talk() -> None:
        shares = Shares(1, 1, 60, 2)
        (before,) = await asked(shares, "heavy")
        await before.end(spent=5.0)
        those = await asked(shares, "a", "light", "heavy", "other", "heavy")
        assert [each.busy for each in those] == [False, False, True, False, True]

    run(talk)


def test_who_waits_longer_than_the_patience_is_refused() -> None:
    async def talk() -> None:
        those = await asked(Shares(1, 1, 0.01, 9), "a", "b")
        await asyncio.wait_for(those[1].task, 60)
        assert those[1].busy

    run(talk)


def test_who_leaves_when_its_turn_came_gives_it_to_the_next() -> None:
    async def talk() -> None:
        first, leaving, last = await asked(Shares(1, 1, 60, 9), "a", "b", "c")
        first.over.set()
        await asyncio.sleep(0)  # the turn is given, and not yet taken
        leaving.task.cancel()
        await settled()
        assert not leaving.begun
        assert last.begun

    run(talk)
