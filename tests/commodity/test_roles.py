"""What in a title says what the goods are: what stands before `for`, and not what they come in."""

from __future__ import annotations

from pathlib import Path

import pytest

from aliexpress_customs.commodity.classify import Classifier, classify
from aliexpress_customs.commodity.packed import Table
from aliexpress_customs.commodity.word_codes import WordCodes


def first(title: str) -> str:
    """The likeliest code of a title."""
    return classify(title, top=1).candidates[0].hs_code


def test_counts_more_right_before_for(tmp_path: Path) -> None:
    """The goods stand right before what they are for, unless that is for whom they are."""
    lexicon = tmp_path / "goods.csv"
    lexicon.write_text("phrase,target,note\nwiper,851240,\nharness,854430,\n", encoding="utf-8")
    classifier = Classifier.of_files([lexicon], WordCodes(Table.of({})))
    of_car = classifier.ranked("Wiper Black Red Harness For Lancer").codes
    of_men = classifier.ranked("Wiper Black Red Harness For Men").codes
    assert [one.code for one in of_car] == ["854430", "851240"]
    assert [one.code for one in of_men] == ["851240", "854430"]


@pytest.mark.parametrize("counted", ["100pcs/Bag", "100 Pcs / Box", "2 pairs/pack", "100pcs"])
def test_packing_is_not_the_goods(counted: str) -> None:
    """Goods are counted by the bag and the box."""
    assert first(f"{counted} Disposable Dental Polisher Brush") == "901849"


def test_bag_after_slash_may_be_the_goods() -> None:
    """Only what a number counts is packing."""
    assert first("Women Leather Wallet/Bag")[:4] == "4202"


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Breathable Textile Walking Shoes Casual Sneakers", "640411"),
        ("Breathable Textile Shoes", "640419"),
        ("Tactical Thigh Gun Holster Nylon", "420292"),
        ("Metal Buckles", "830890"),
        ("Brushless Nail Gun", "846729"),
        ("Pop-Up Mesh Food Cover", "630790"),
    ],
)
def test_bare_names(title: str, code: str) -> None:
    """What the bare name of goods stands for on a shop for everybody."""
    assert first(title) == code


@pytest.mark.parametrize("word", ["quartz", "household", "shell", "canbus", "textile"])
def test_words_of_other_goods_name_none(word: str) -> None:
    """What many goods are of, or have, names no goods by itself."""
    assert not any(f'phrase "{word}"' in one.reasons[0] for one in classify(word).candidates)


@pytest.mark.parametrize("written", ["T-Shirt", "t shirts", "Tee Shirt", "Tshirt"])
def test_t_shirt_is_no_shirt(written: str) -> None:
    """No phrase of shirts is found in a T-shirt, however it is written."""
    found = classify(f"Women's Plus Size Love Print Long Sleeve {written} Casual Tops")
    assert found.candidates[0].hs_code[:4] == "6109"
    assert "plus size shirt" not in str(found)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Women Cotton Knitted Tank Top", "610910"),
        ("Women Halter Neck Crop Top Ribbed Polyester", "611430"),
        ("Strapless Knit Cotton Tube Top Women", "611420"),
        ("Woven Polyester Camisole Women", "621143"),
    ],
)
def test_tops_are_vests_or_other_garments(title: str, code: str) -> None:
    """Knitted vests are 61.09; what ends above the waist or has no shoulders is none."""
    assert first(title) == code


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("2025 Home Freeze Dryer Machine 4 Trays Vacuum Food Fruit", "841933"),
        ("Gasoline Snow Blower 212cc Self Propelled", "843020"),
        ("Portable 18650 Battery Spot Welder Kit", "851529"),
        ("3D Home Knitting Machine Weaving Loom Heddle 60cm", "844842"),
        ("6 DOF Industrial Robot Arm Payload 5kg", "847950"),
        ("Snack Vending Machine Touch Screen", "847689"),
        ("7A Electric Cargo Tricycle 1000W 72V Adults", "870460"),
        ("Agricultural Drone 16L Sprayer Frame", "880624"),
        ("Diecast Fire Truck Toy Model Car for Kids", "950300"),
        ("Building Blocks Tower Crane Excavator Toy Bricks Set", "950300"),
    ],
)
def test_machines_and_vehicles_are_known_and_toys_are_toys(title: str, code: str) -> None:
    """What is sold to workshops and farms has codes of its own; its models stay toys."""
    assert code in [one.hs_code for one in classify(title, top=2).candidates]


@pytest.mark.parametrize("aside", ["No Drill", "without drilling", "Punch-Free", "no screws"])
def test_what_is_not_needed_names_no_goods(aside: str) -> None:
    """A towel rack that needs no drill is found as one that does not say so."""
    plain = classify("Towel Rack Wall Mounted Bathroom Shelf").candidates
    assert classify(f"Towel Rack {aside} Wall Mounted Bathroom Shelf").candidates == plain


def test_what_other_goods_have_is_not_the_goods(tmp_path: Path) -> None:
    """A battery counts for less beside goods, wherever it is named, and in full alone."""
    lexicon = tmp_path / "goods.csv"
    lexicon.write_text("phrase,target,note\nbattery,850760,\ndrill,846721,\n", encoding="utf-8")
    classifier = Classifier.of_files([lexicon], WordCodes(Table.of({})))
    for title in ("Battery Brushless Cordless Drill", "Drill Brushless Cordless Battery"):
        assert [one.code for one in classifier.ranked(title).codes] == ["846721", "850760"]
    assert [one.code for one in classifier.ranked("Battery 18V").codes] == ["850760"]


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Charger for Makita 18V (No Battery)", "850440"),
        ("Electric Drill without battery", "846721"),
        ("Ceiling Fan, remote control not included", "841451"),
        ("Magnetic Screwdriver 3.6V Cordless", "846729"),
        ("Cordless Drill Electric Screwdriver 21V", "846721"),
        ("Magnetic Screwdriver Long", "820540"),
        ("Women Cotton T-shirt Loose Shirt Summer Clothes", "610910"),
    ],
)
def test_what_a_title_says_beside_the_goods(title: str, code: str) -> None:
    """What is absent is not sold; electric tools are no hand tools; a T-shirt is no shirt."""
    assert first(title) == code


def test_no_is_not_read_as_absence_in_other_languages() -> None:
    """Portuguese: a ring on the finger."""
    assert first("Anel no dedo feminino prata 925") == "711311"
