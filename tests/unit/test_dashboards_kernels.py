"""A kernel that is a copy: it knows what the notebook worked out, it is its own, and it ends when it is told to."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time

import pytest
from jupyter_client import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory
from serving import wait_until

from pace_nb.dashboards.kernels import AVAILABLE, Warm, WarmProvisioner

needs_fork = pytest.mark.skipif(not AVAILABLE, reason="kernels are copies of a process on Linux only")
CELLS = [
    (1, "import os, random\nmade_in = os.getpid()\nrandom.seed(1)\nknown = [3]"),
    (4, "print('told'); known"),
]


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    process = Warm(CELLS, str(tmp_path_factory.mktemp("work")))
    process.ran = process.run()
    yield process
    process.stop()


@pytest.fixture
def use(monkeypatch):
    """Return a function that has kernels copied from a process, or started afresh."""

    def choose(process):
        monkeypatch.setattr(WarmProvisioner, "warm", process)
        monkeypatch.setattr(KernelProvisionerFactory.instance(), "default_provisioner_name", "pace-warm")
        if process:  # each test has an event loop of its own
            process.turn, process.heard = asyncio.Semaphore(4), None

    return choose


async def started(folder) -> AsyncKernelManager:
    manager = AsyncKernelManager(kernel_name="python3", connection_file=str(folder / f"{time.monotonic_ns()}.json"))
    manager.transport = "ipc" if AVAILABLE else "tcp"
    await manager.start_kernel()
    return manager


async def said(manager: AsyncKernelManager, code: str) -> str:
    """Run code in a kernel and return what it prints."""
    client, text = manager.client(), []
    client.start_channels()
    await client.wait_for_ready(timeout=60)

    def hear(message):
        text.append(message["content"].get("text", ""))

    await client.execute_interactive(code, store_history=False, timeout=60, output_hook=hear)
    client.stop_channels()
    return "".join(text).strip()


def test_what_the_cells_show_is_kept_under_their_numbers(warm):
    ((number, first), (last, shown)) = sorted(warm.ran.outputs.items())
    assert (number, first, last) == (1, [], 4)
    assert [o["output_type"] for o in shown] == ["stream", "execute_result"]
    assert shown[0]["text"] == "told\n"
    assert shown[1]["data"]["text/plain"] == "[3]"


@needs_fork
def test_a_copy_knows_what_was_worked_out_and_keeps_what_it_does_to_itself(warm, use, tmp_path):
    use(warm)

    async def both():
        one, other = await started(tmp_path), await started(tmp_path)
        first = await said(one, "known.append(4); print(known, made_in, os.getpid(), os.getsid(0), random.random())")
        second = await said(other, "print(known, made_in, os.getpid(), os.getsid(0), random.random())")
        await one.shutdown_kernel(now=True)
        await other.shutdown_kernel(now=True)
        return first, second

    (one, other) = ([*line.rsplit(" ", 4)] for line in asyncio.run(both()))
    assert (one[0], other[0]) == ("[3, 4]", "[3]")
    assert one[1] == other[1] == str(warm.process.pid)
    assert len({one[2], other[2], one[1]}) == 3
    assert (one[2], other[2]) == (one[3], other[3])  # each leads a session of its own
    assert one[4] != other[4]


@needs_fork
def test_a_copy_can_be_interrupted_restarted_and_ended(warm, use, tmp_path):
    use(warm)

    async def life():
        manager = await started(tmp_path)
        pid = manager.provisioner.pid
        sleeping = asyncio.create_task(said(manager, "import time\ntime.sleep(60)"))
        await asyncio.sleep(2)
        began = time.monotonic()
        await manager.interrupt_kernel()
        await sleeping
        waited = time.monotonic() - began
        await manager.restart_kernel(now=True)
        again = await said(manager, "print(known, os.getpid())")
        alive = await manager.is_alive()
        await manager.shutdown_kernel()
        return pid, waited, again, alive, await manager.is_alive()

    pid, waited, again, alive, after = asyncio.run(life())
    assert waited < 30
    assert again.startswith("[3]")
    assert not again.endswith(str(pid))
    assert (alive, after) == (True, False)


@needs_fork
def test_a_copy_that_is_killed_is_known_to_be_dead(warm, use, tmp_path):
    use(warm)

    async def death():
        manager = await started(tmp_path)
        os.kill(manager.provisioner.pid, signal.SIGKILL)
        await asyncio.sleep(1)
        return await manager.provisioner.poll()

    assert asyncio.run(death()) == -signal.SIGKILL


@needs_fork
def test_when_the_process_is_lost_its_kernels_end_and_the_next_comes_from_a_new_one(use, tmp_path):
    process = Warm(CELLS, str(tmp_path))
    process.run()
    use(process)

    async def twice():
        first = await started(tmp_path)
        pid = first.provisioner.pid
        process.process.kill()
        process.process.wait()
        gone = wait_until(lambda: not os.path.exists(f"/proc/{pid}"))  # noqa: PTH110
        second = await started(tmp_path)
        text = await said(second, "print(known)")
        await second.shutdown_kernel(now=True)
        return gone, await first.provisioner.poll(), text

    assert asyncio.run(twice()) == (True, -signal.SIGKILL, "[3]")
    process.stop()
    assert process.process.poll() == 0


def test_where_nothing_was_run_beforehand_an_ordinary_kernel_starts(use, tmp_path):
    use(None)

    async def ordinary():
        manager = await started(tmp_path)
        text = await said(manager, "import os, sys; print('known' in globals(), os.getppid() != 1, sys.executable)")
        await manager.shutdown_kernel(now=True)
        return text

    assert asyncio.run(ordinary()) == f"False True {sys.executable}"


def test_an_output_control_takes_what_is_written_in_it():
    pytest.importorskip("ipywidgets")
    if not AVAILABLE:
        pytest.skip("a process is copied on Linux only")
    source = (
        "import ipywidgets as w\nout = w.Output()\n"
        "with out: print('one')\nout.clear_output(wait=True)\nwith out: print('two'); print('three')\nprint('outside')"
    )
    process = Warm([(0, source), (1, "print(out.outputs)"), (2, "1 / 0"), (3, "print('never')")], ".")
    try:
        ran = process.run()
    finally:
        process.stop()
    assert [o["text"] for o in ran.outputs[0]] == ["outside\n"]
    assert "'two\\nthree\\n'" in ran.outputs[1][0]["text"]
    assert "one" not in ran.outputs[1][0]["text"]
    assert ran.outputs[2] == [{"output_type": "error", "ename": "ZeroDivisionError", "evalue": "", "traceback": []}]
    assert 3 not in ran.outputs
    assert set(ran.threads[1:]) <= {"jemalloc_bg_thd"}
