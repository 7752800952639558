import pytest

from bot.importers.author_line import candidate, reads_like_name

SAYS = "says:"


@pytest.mark.parametrize(
    "name",
    [
        "Pell",
        "J. Marsh",
        "M. T. Rowan",
        "readerofthings",
        'Ada Thorn "always reading"',
        "a reader",
        "The Mad Hatter's Cousin",
        "In The Stacks",
        "Dr. Imre Vasko, retired",
        "李雷",
        "No One",
    ],
)
def test_a_name_is_taken_for_one(name: str) -> None:
    assert candidate(f"{name} says:", SAYS) == name
    assert reads_like_name(name)


@pytest.mark.parametrize(
    "line",
    [
        "She says:",
        "As the narrator himself says:",
        "In chapter three, Emma says:",
        "And then he says:",
        "When she meets him again, Emma says:",
        "My grandmother always says:",
        "I agree; Emma says:",
        "Remember what happens on the hill where the two of them meet, and she says:",
        "Elizabeth " * 9 + "says:",
    ],
)
def test_the_start_of_a_sentence_is_not_a_name(line: str) -> None:
    name = candidate(line, SAYS)
    assert name is not None
    assert not reads_like_name(name)


@pytest.mark.parametrize("line", ["", "says:", "Pell says", "Pell says: hello", "Pellsays:"])
def test_a_line_of_another_form_names_nobody(line: str) -> None:
    assert candidate(line, SAYS) is None


def test_what_reads_like_prose_is_a_pen_name_when_another_post_has_it_too() -> None:
    assert not reads_like_name("the night porter")
    assert reads_like_name("the night porter", seen_again=True)


@pytest.mark.parametrize("words", ["She", "When they meet, he", "Hear this: he"])
def test_what_cannot_be_a_name_is_none_however_often_it_comes(words: str) -> None:
    assert not reads_like_name(words, seen_again=True)
