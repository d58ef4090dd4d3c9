import zipfile

import polars as pl
import pyreadstat

from .wave7 import READ, fault, read


def test_spss(tmp_path):
    """The reader of .sav files keeps codes that SPSS declares missing."""
    table = pl.DataFrame(
        {
            "B_COUNTRY_ALPHA": ["CHN", "USA", "USA"],
            "W_WEIGHT": [0.5, 1.5, 2.0],
            "Q1": [1.0, 2.0, None],
            "Q2": [0.0, -1.0, 3.0],
            "Q3": [9.0, 9.0, 9.0],
        }
    )
    path = tmp_path / "wvs.sav"
    pyreadstat.write_sav(table, path, missing_ranges={"Q2": [{"lo": -5, "hi": -1}]})
    assert read(path) == READ
    with zipfile.ZipFile(tmp_path / "spss.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "wvs.sav")
    assert read(tmp_path / "spss.zip") == READ
    assert "among them USA" in fault(path, ["US"])
    path.write_bytes(path.read_bytes()[:300])
    assert "SPSS" in fault(path)
