"""Titles in other languages than English."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.commodity.classify import classify
from aliexpress_customs.commodity.languages import in_english, language_of
from aliexpress_customs.commodity.words import classify_folder, rows, table_rows
from strategies import many

TITLES = [
    ("pt", "Capa de celular de silicone para iPhone 15", "392690"),
    ("es", "Funda de móvil transparente para iPhone 15 Pro", "392690"),
    ("fr", "Écouteurs sans fil Bluetooth avec boîtier", "851830"),
    ("de", "Handyhülle für Samsung Galaxy mit Muster", "392690"),
    ("it", "Auricolari senza fili Bluetooth per cellulare", "851830"),
    ("nl", "Telefoonhoesje voor Samsung met houder", "392690"),
    ("pl", "Etui na telefon do Samsung z uchwytem", "392690"),
    ("ru", "Чехол для телефона iPhone 14", "392690"),
    ("tr", "Telefon k\u0131l\u0131f\u0131 için yeni", "392690"),
    ("ko", "휴대폰 케이스 아이폰 15", "392690"),
    ("ja", "スマホケース iPhone 15", "392690"),
    ("ar", "غطاء هاتف آيفون 15", "392690"),
    ("he", "כיסוי לטלפון אייפון 15", "392690"),
    ("pt", "Capa de chuva impermeável para adultos", "392620"),
    ("pt", "Furadeira sem fio 21V com bateria de lítio", "846721"),
    ("pt", "Brincos de prata esterlina 925 para mulheres", "711311"),
    ("es", "Bombillas LED H7 para faros delanteros de coche 6000K", "853952"),
    ("es", "Carrete de pesca giratorio con señuelos", "950730"),
    ("it", "Trapano senza fili 21V con batteria al litio", "846721"),
    ("it", "Tende oscuranti per soggiorno con occhielli", "630392"),
    ("fr", "Boucles d'oreilles en argent sterling 925 pour femmes", "711311"),
    ("fr", "Balais d'essuie-glace pour voiture", "851240"),
    ("de", "Scheibenwischer für Auto vorne und hinten", "851240"),
    ("de", "Herren Geldbörse aus echtem Leder mit Kartenfach", "420231"),
    ("nl", "Hondentuig reflecterend verstelbaar voor kleine honden", "420100"),
    ("nl", "Oplaadbare elektrische tandenborstel met opzetborstels", "850980"),
    ("tr", "Erkek hakiki deri cüzdan kartl\u0131k", "420231"),
    ("tr", "Kad\u0131n yüksek topuklu ayakkab\u0131 sivri burun", "640299"),
]


@pytest.mark.parametrize(("code", "title", "hs_code"), TITLES)
def test_a_title_is_read_in_its_language(code: str, title: str, hs_code: str) -> None:
    result = classify(title)
    assert result.language == code
    assert result.candidates[0].hs_code == hs_code


def test_spam_in_other_languages_leaves_a_title_english() -> None:
    assert language_of("Women Running Shoes Sneakers Zapatos Altos Hombre") == "en"
    assert language_of("Die Cast Car Model With Faux Fur Seat No Battery OS") == "en"
    assert language_of("") == "en"


def test_one_name_of_goods_tells_the_language_where_english_knows_none() -> None:
    for title, code, hs_code in (
        ("Bohrmaschine 850W", "de", "846721"),
        ("Climatiseur mobile Midea 12000 BTU", "fr", "841582"),
        ("Wiertarka udarowa", "pl", "846721"),
    ):
        result = classify(title)
        assert (result.language, result.candidates[0].hs_code) == (code, hs_code)
    assert classify("Perceuse drill press").language == "en"


def test_a_common_english_word_does_not_make_a_title_german() -> None:
    assert language_of("Shisha hose") == "en"
    assert language_of("Lava rock for garden") == "en"
    assert language_of("Damen Hose schwarz") == "de"
    assert language_of("Auto Zubehör") == "de"


def test_the_head_comes_last_as_in_english() -> None:
    assert in_english("Funda de silicona para iPhone")[1].startswith("silicone case for")


def test_words_with_the_same_stem_are_told_apart_by_their_form() -> None:
    assert in_english("Gürtel für Herren, Leder")[1].split()[-1] == "leather"
    assert in_english("LED Kette für Garten")[1].split()[0] == "led"
    assert "silk" in in_english("Sciarpa di seta per donna")[1].split()


def test_nouns_written_as_one_are_taken_apart() -> None:
    assert in_english("Fahrradlenkergriff aus Gummi für Herren")[1].startswith("bicycle")
    assert "qwertzuiop" in in_english("Qwertzuiop für die Küche")[1]


def test_every_language_has_a_dictionary_without_doubles() -> None:
    for row in rows("languages.csv"):
        if row["code"] != "en":
            path = classify_folder() / "languages" / f"{row['code']}.csv"
            phrases = [entry["phrase"] for entry in table_rows(path)]
            assert len(phrases) >= 2000
            assert len(phrases) == len(set(phrases))


@many
@given(st.text(max_size=200))
def test_any_text_has_a_language(text: str) -> None:
    code, english = in_english(text)
    assert code in {row["code"] for row in rows("languages.csv")}
    assert isinstance(english, str)
