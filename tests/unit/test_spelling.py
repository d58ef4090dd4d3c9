from culturalign.spelling import american_words


def test_no_american_form_is_itself_changed_again():
    table = american_words()
    assert not set(table.values()) & set(table)


def test_words_that_only_look_british_are_left_alone():
    words = "four hour tour flour pour our prize wise exercise advise surprise televise acre"
    assert not set(words.split()) & set(american_words())


def test_some_pairs_of_each_pattern():
    table = american_words()
    pairs = {"labour": "labor", "kilometres": "kilometers", "organisations": "organizations",
             "analyse": "analyze", "counsellor": "counselor", "cancelled": "canceled",
             "tyres": "tires"}  # fmt: skip
    assert {word: table.get(word) for word in pairs} == pairs
