"""The fold and the skeleton: one name, many offices, one string."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_budget.residency.matching.fold import CYRILLIC, LATIN_GROUPS, fold
from civic_budget.residency.matching.skeleton import consonants, name_parts


@pytest.mark.parametrize(
    "spellings",
    [
        ("Кравченко", "Kravchenko", "Krawczenko", "Kravtchenko", "KRAVČENKO"),
        ("Щербаков", "Shcherbakov", "Szczerbakow", "Chtcherbakov", "Ščerbakov", "Schtscherbakow"),
        ("Жуков", "Zhukov", "Żukow", "Žukov"),
        ("Юлія", "Юлия", "Yuliia", "Iuliia", "Julia", "Yulia", "Yuliya"),
        ("Гриценко", "Гриценко", "Hrytsenko", "Gritsenko", "Hrycenko"),
        ("Згурський", "Zghurskyi", "Zgurskij", "Zgurski"),
        ("Соломія", "Solomiia", "Solomija"),
        ("Джамала", "Dzhamala", "Jamala", "Dżamala"),
        ("Ковалёў", "Kavaliou", "Ковалёв", "Kovaliov"),
        ("Wałęsa", "WALESA"),
        ("Łukasz", "Lukash"),
        ("Đặng", "Dang"),
        ("Şahin", "Shahin"),
        ("O'Brien", "OBrien"),
        ("Мар'яна", "Марʼяна", "Mariana"),
    ],
)
def test_spellings_of_one_name_have_one_skeleton(spellings: tuple[str, ...]) -> None:
    assert len({consonants(fold(s)) for s in spellings}) == 1


def test_the_fold_itself_meets_where_vowels_do() -> None:
    assert fold("Кравченко") == fold("Kravchenko") == fold("Krawczenko") == "kravčenko"
    assert fold("ХМЕЛЬНИЦЬКА") == fold("Khmelnytska") == "hmelnicka"


def test_a_polish_hand_writes_ch_for_the_ukrainian_kh() -> None:
    assert fold("Chomenko", ch_is_h=True) == fold("Хоменко")
    assert fold("Chernenko") == fold("Черненко")
    parts = name_parts("Paweł", "Chomenko")
    assert parts.family == name_parts("Pavlo", "Khomenko").family


def test_different_names_stay_different() -> None:
    skeletons = {
        consonants(fold(n)) for n in ("Kravchenko", "Kravchuk", "Bondar", "Melnyk", "Ткач")
    }
    assert len(skeletons) == 5


def test_scripts_outside_the_tables_still_equal_themselves() -> None:
    assert fold("გიორგი") == fold("გიორგი") != fold("ნინო")
    assert fold("Giorgi") != ""


@given(st.text(max_size=40))
def test_folding_never_fails_and_leaves_clean_words(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert folded == folded.lower()


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyząćęłńóśźż -'", max_size=20))
def test_case_never_matters(text: str) -> None:
    assert fold(text.upper()) == fold(text)


def test_every_cyrillic_letter_of_three_alphabets_is_in_the_table() -> None:
    ukrainian = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
    assert set(ukrainian + "ёъыэ" + "ў") <= set(CYRILLIC)
    assert dict(LATIN_GROUPS)["szcz"] == dict(LATIN_GROUPS)["shch"] == "š"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mykola", "Nikolai"),
        ("Микола", "Mikołaj"),
        ("Hanna", "Anna"),
        ("Yevhen", "Eugeniusz"),
        ("Евгений", "Yauheni"),
        ("Kateryna", "Katarzyna"),
        ("Volodymyr", "Włodzimierz"),
        ("Uladzimir", "Владимир"),
        ("Olena", "Helena"),
        ("Hryhorii", "Grzegorz"),
        ("Aliaksei", "Aleksiej"),
        ("Siergiej", "Siarhei"),
        ("Yelyzaveta", "Elżbieta"),
    ],
)
def test_equivalent_given_names_share_a_root(one: str, other: str) -> None:
    left, right = name_parts(one, "X"), name_parts(other, "X")
    assert left.given_root == right.given_root != ""
    assert left.given_skeleton == right.given_skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oleksandr", "Oleksandra"),
        ("Yevhen", "Yevheniia"),
        ("Mariia", "Maryna"),
        ("Daria", "Daryna"),
    ],
)
def test_names_of_men_women_and_neighbours_are_not_equivalent(one: str, other: str) -> None:
    left, right = name_parts(one, "X").given_root, name_parts(other, "X").given_root
    assert left and right and left != right


def test_swapped_fields_give_the_same_sorted_skeletons() -> None:
    straight, swapped = name_parts("Олена", "Кравченко"), name_parts("Krawczenko", "Helena")
    assert straight.sorted_skeletons == swapped.sorted_skeletons
    assert straight.calling_skeleton == swapped.calling_skeleton


def test_words_that_begin_thousands_of_names_are_passed_over() -> None:
    assert (
        name_parts("Thi Lan", "Nguyen").given_skeleton == name_parts("Lan", "Nguyen").given_skeleton
    )
    assert name_parts("Van", "Nguyen").given_skeleton != ""


def test_a_name_of_vowels_keeps_them() -> None:
    assert name_parts("Aia", "Eo").sorted_skeletons != name_parts("Ui", "Eo").sorted_skeletons
