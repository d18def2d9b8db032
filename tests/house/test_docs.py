from challenge import docs


def test_generated_documents_are_current():
    assert docs.stale(docs.FOLDER) == []
