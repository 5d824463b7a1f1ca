"""`classify` on the command line: one title, walking through doubtful ones, keeping answers."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import aliexpress_customs as ac
from aliexpress_customs.cli.commands import app
from aliexpress_customs.errors import AliExpressCustomsError

DOUBTFUL = "Zzqx Thing"


def run(*arguments: str, typed: str = "", code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), input=typed)
    if isinstance(result.exception, AliExpressCustomsError):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def titles(tmp_path: Path) -> Path:
    file = tmp_path / "titles.txt"
    file.write_text(f"{DOUBTFUL}\n\nClear Case For iPhone 15\n{DOUBTFUL}\n", encoding="utf-8")
    return file


def test_an_answer_is_kept_and_not_asked_again(titles: Path, tmp_path: Path) -> None:
    book = str(tmp_path / "codes.csv")
    first = run("classify", "--review", str(titles), "--catalogue", book, typed="4203.29\n")
    assert "[1/1] Zzqx Thing" in first
    assert "2 products: 1 settled now, 0 still open." in first
    again = run("classify", "--review", str(titles), "--catalogue", book)
    assert "Zzqx" not in again
    assert "420329" in run("classify", DOUBTFUL, "--catalogue", book)


def test_a_number_picks_the_candidate(tmp_path: Path) -> None:
    title = "Women's Summer Dress Casual O-Neck"
    file = tmp_path / "one.txt"
    file.write_text(title, encoding="utf-8")
    wanted = ac.classify(title).candidates[1].hs_code
    book = tmp_path / "codes.csv"
    run("classify", "--review", str(file), "--catalogue", str(book), typed="2\n")
    settled = ac.Catalogue(book).lookup(title=title)
    assert settled is not None
    assert settled.hs_code == wanted


def test_what_is_no_code_is_asked_again_and_skipping_leaves_it_open(
    titles: Path, tmp_path: Path
) -> None:
    book = str(tmp_path / "codes.csv")
    typed = "shoe\n9999.99\ns\n"
    told = run("classify", "--review", str(titles), "--catalogue", book, typed=typed, code=1)
    assert "not 4 to 14 digits" in told
    assert "9999.99 is no subheading of HS 2022" in told
    assert "0 settled now, 1 still open" in told


def test_an_order_is_reviewed_and_declared_with_what_was_settled(tmp_path: Path) -> None:
    book, order = str(tmp_path / "codes.csv"), str(ac.sample_order())
    with ac.Catalogue(book) as catalogue:
        catalogue.correct("85444290", title="HDMI cable 2 m", description="HDMI cables")
    told = json.loads(run("declare", order, "--catalogue", book, "--json"))
    item = next(one for one in told["items"] if one["hs_code"])
    assert (item["hs_code"], item["hs_code_source"]) == ("85444290", "catalogue")
    assert item["description"] == "HDMI cables"


def test_a_stated_code_wins_over_the_catalogue(tmp_path: Path) -> None:
    book, order = str(tmp_path / "codes.csv"), str(ac.sample_order())
    with ac.Catalogue(book) as catalogue:
        catalogue.correct("85444290", title="HDMI cable 2 m")
    arguments = ("declare", order, "--catalogue", book, "--hs", "HDMI cable 2 m=854442", "--json")
    sources = {
        one["hs_code"]: one["hs_code_source"] for one in json.loads(run(*arguments))["items"]
    }
    assert sources["854442"] == "caller"


def test_a_confirmed_declaration_teaches_its_codes(tmp_path: Path) -> None:
    book, file = str(tmp_path / "codes.sqlite"), tmp_path / "declaration.json"
    hs = ("--hs", "HDMI cable 2 m=854442", "--hs", "Phone case=392690")
    file.write_text(run("declare", str(ac.sample_order()), *hs, "--json"), encoding="utf-8")
    assert "2 lines learned." in run("classify", "--learn", str(file), "--catalogue", book)
    assert "392690" in run("classify", "Phone case", "--catalogue", book)


@pytest.mark.parametrize(
    "arguments", [(), ("title", "--review", "x.txt"), ("--review", "x.txt"), ("--learn", "x.json")]
)
def test_wrong_use_says_what_is_missing(arguments: tuple[str, ...]) -> None:
    with pytest.raises(AliExpressCustomsError) as caught:
        run("classify", *arguments)
    assert caught.value.action


def test_descriptions_can_be_worded_for_customs() -> None:
    order = str(ac.sample_order())
    told = json.loads(
        run("declare", order, "--customs-wording", "--hs", "Phone case=392690", "--json")
    )
    assert "phone case, of plastics" in [one["description"] for one in told["items"]]
