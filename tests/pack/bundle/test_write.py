"""A bundle is a zip of readable parts, the same bytes each time."""

from __future__ import annotations

import io
import json
import zipfile

from tests.pack.materials import FRAMEWORK, material, prices

from keel.pack.bundle.contents import ABOUT, PARTS, STUDY
from keel.pack.bundle.contents import FRAMEWORK as TREE
from keel.pack.bundle.write import bundle, prices_csv


def test_it_names_versions_fingerprint_and_every_part() -> None:
    made = material()
    archive = zipfile.ZipFile(io.BytesIO(bundle(made)))
    assert set(archive.namelist()) < set(PARTS)
    about = json.loads(archive.read(ABOUT))
    assert about["framework"] == {"id": "fw_1", "version": 3}
    assert about["portfolio"] == {"id": "pf_1", "version": 2, "name": "Calm sea"}
    assert about["prices_fingerprint"] == made.results[0].meta.fingerprint
    assert set(about["sha256"]) == set(archive.namelist()) - {ABOUT}
    assert json.loads(archive.read(TREE))["name"] == FRAMEWORK.name
    assert "Made up for a test." in json.loads(archive.read(STUDY))["notes"]


def test_the_same_study_is_the_same_file() -> None:
    assert bundle(material()) == bundle(material())


def test_prices_keep_every_digit_and_a_missing_one_is_empty() -> None:
    matrix = prices()
    matrix.closes[3, 1] = float("nan")
    rows = prices_csv(matrix).splitlines()
    assert rows[0] == "date,AAA,BBB,CCC"
    assert rows[4].split(",")[2] == ""
    assert [float(cell) for cell in rows[-1].split(",")[1:]] == matrix.closes[-1].tolist()
