"""Foreign keys point down as imports do, and a lower app cannot reach up by attribute."""

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db.models import Field, Model

from tests.architecture import source

LAYERS = {"config": 0, "inventory": 1, "procurement": 2, "reserve": 3}


def layer(model: type[Model]) -> int:
    """How high the model's app stands; Django's and the libraries' own stand below all of ours."""
    return LAYERS.get(model.__module__.partition(".")[0], -1)


def relations() -> Iterator[tuple[type[Model], "Field[object, object]", type[Model]]]:
    for model in apps.get_models(include_auto_created=True):
        if layer(model) < 0:
            continue
        for field in [*model._meta.fields, *model._meta.many_to_many]:
            if isinstance(field.related_model, type):
                yield model, field, field.related_model


def test_they_are_found_at_all() -> None:
    assert len(list(relations())) > 30


def test_foreign_keys_point_down() -> None:
    up = [
        f"{model.__name__}.{field.name} -> {other.__name__}"
        for model, field, other in relations()
        if layer(other) > layer(model)
    ]
    assert up == []


def test_a_key_into_a_lower_app_leaves_no_way_back() -> None:
    # Permissions and groups are Django's own relation of a person.
    seen = [
        f"{model.__name__}.{field.name} -> {other.__name__}"
        for model, field, other in relations()
        if 0 <= layer(other) < layer(model) and field.remote_field and not field.remote_field.hidden
    ]
    assert seen == []


def test_every_constraint_is_named_as_a_sentence() -> None:
    names = [
        constraint.name for model in apps.get_models() if layer(model) >= 0 for constraint in model._meta.constraints
    ]
    assert len(names) == len(set(names))
    assert [name for name in names if "_" not in name or name.endswith(("_uniq", "_check")) or "%" in name] == []


def test_imports_point_down_in_functions_too() -> None:
    """import-linter holds the layers; this one names the line's file and knows no exceptions."""
    wrong = []
    for path in source.files():
        own = LAYERS[path.parts[0]]
        if path.parent == Path("config"):
            continue
        above = {name for name, rank in LAYERS.items() if rank > own}
        wrong += [f"{path}: {name}" for name in source.imports(path) if name.partition(".")[0] in above]
    assert wrong == []
