from culturalign.attributes.norm_release import norm_release
from culturalign.attributes.norms import prepare_norms
from culturalign.config.norms import NormFile


def settings(name, **columns):
    attributes = {key: {"column": column, "span": [1, 9]} for key, column in columns.items()}
    return NormFile(file=name, word="Word", attributes=attributes)


def test_each_file_of_a_language_is_told_by_its_own_words_and_rows(tmp_path):
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("Word,Valence_Mean,A\n猫,5,x\n狗,4,4\n", encoding="utf-8")
    second.write_text("Word,Mean\n自由,5\n学校,4\n国家,2\n猫,?\n", encoding="utf-8")
    files = [
        (settings("a.csv", valence="Valence_Mean", arousal="A"), first),
        (settings("b.csv", concreteness="Mean"), second),
    ]
    ratings, found = prepare_norms(files, simplify_chinese=True)
    releases = [norm_release(name, ratings, found) for name in ("a.csv", "b.csv")]
    assert [release.name for release in releases] == ["Xu, Li and Chen 2022", "Xu and Li 2020"]
    assert [dict(release.sizes) for release in releases] == [{"rows": 2}, {"rows": 4}]
