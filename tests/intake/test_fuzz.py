"""Whatever is handed in is taken or refused in words; what is taken comes back the same."""

import pytest

from benchmarks.fuzz_inputs import Sound, answer, sound_inputs, spoiled_input
from core.rules.standard import Standard
from core.store.database import Store
from tests.support.samples import seeds

TOGETHER = 12


@pytest.fixture(scope="module")
def sound() -> Sound:
    """The small county's inputs."""
    return sound_inputs()


@pytest.mark.parametrize("dozen", seeds(2, 12))
def test_no_damaged_input_crashes(dozen: int, sound: Sound, standard: Standard) -> None:
    for seed in range(5000 + dozen * TOGETHER, 5000 + (dozen + 1) * TOGETHER):
        store = Store.open(None, standard)
        assert answer(spoiled_input(sound, seed), store).split()[-1] in ("taken", "refused"), seed
        store.close()
