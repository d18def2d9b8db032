import pytest
@pytest.mark.parametrize("path,who", [("/sign-in","nobody"),("/sign-in","mari"),("/sign-in/sent","nobody"),("/sign-in/xyz","nobody"),("/account","mari"),("/account/password","mari"),("/organisations","mari"),("/organisations","jaan"),("/organisations/new","jaan"),("/people","jaan"),("/people/new","anna")])
def test_pages(world, path, who):
    r = world.client(who).get(path)
    print(r.status_code, path)
    assert r.status_code in (200, 404), r.text[:600]
def test_more(world):
    from challenge.people.models import Organisation, Person
    with world.acting() as w:
        o = w.session.get_one(Organisation, 1).code
        p = w.session.get_one(Person, 1).code
    for who in ("mari","peeter","jaan","anna"):
        for path in (f"/organisations/{o}", f"/organisations/{o}/edit", f"/people/{p}"):
            r = world.client(who).get(path); print(who, path, r.status_code)
