"""What the checks of unit 12 rest on, over many seeds.

    python benchmarks/tolerances/12_undeclared_consumers.py              # 200 seeds
    python benchmarks/tolerances/12_undeclared_consumers.py --seeds 500

Question 2 compares with the truth on the same table, so no right answer hangs on luck; what is counted is in how many
gradings each wrong rule gives other names than the true one. Questions 3 and 4 call the learner's function with a
stand-in for MLflow's client: the same random calls are made to both, and what they return must agree. The seeds of the
calls are a tenth, since each needs a registry.
"""

import logging
import os
from random import Random
from typing import Any

import click

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
from mlflow import MlflowClient

from mldebt import units

logging.getLogger("mlflow").setLevel("ERROR")


unit = units.module(units.FOLDER / "12_undeclared_consumers" / "checks.py")


def told_apart(seeds: int) -> dict[str, int]:
    """Count the gradings in which a wrong rule names others than the true one, over the four changes."""
    counts = dict.fromkeys(unit.RULES, 0)
    for seed in range(seeds):
        draw = Random(seed)
        differs = dict.fromkeys(unit.RULES, False)
        for at, (old, new) in enumerate(unit.releases(draw)):
            for does in unit.contracts(draw, at, old, new).values():
                hit = unit.share(does, old, new) > does["allows"]
                for name, rule in unit.RULES.items():
                    differs[name] |= (rule(does, old, new) > does["allows"]) != hit
        for name, different in differs.items():
            counts[name] += different
    return counts


def stand_in(models: dict[str, Any]) -> Any:
    space = {"models": models, "generous": False, "function": lambda client: None, "arguments": []}
    exec(unit.REGISTRY, space)
    return space["client"]


def real(models: dict[str, Any]) -> MlflowClient:
    client = MlflowClient("sqlite:///:memory:", "sqlite:///:memory:")
    for model in client.search_registered_models():
        client.delete_registered_model(model.name)
    for name, given in models.items():
        client.create_registered_model(name)
        for number, tags in given["versions"]:
            client.create_model_version(name, f"models/{number}", tags=tags)
        for alias, number in given["aliases"]:
            client.set_registered_model_alias(name, alias, number)
    return client


def said(value: Any) -> Any:
    """Return what both clients should agree in."""
    if hasattr(value, "latest_versions"):
        return value.name, dict(value.aliases)
    if hasattr(value, "version"):
        return value.name, value.version, dict(value.tags), sorted(value.aliases)
    return [said(one) for one in value] if isinstance(value, list) else value


def calls(draw: Random, models: dict[str, Any], count: int) -> list[tuple[str, tuple[Any, ...]]]:
    """Draw calls, some of which ask for what is not there."""
    made = []
    for _ in range(count):
        name, number = draw.choice([*models, "nothing"]), draw.choice([1, 2, "3", 5, 99])
        alias = draw.choice(["billing", "audit", "nobody"])
        made.append(
            draw.choice(
                [
                    ("get_model_version", (name, number)),
                    ("get_registered_model", (name,)),
                    ("get_model_version_by_alias", (name, alias)),
                    ("search_model_versions", (f"name = '{name}'",)),
                    ("search_model_versions", (f'name="{name}"', 3, ["version_number ASC"])),
                    ("search_registered_models", (f"name='{name}'",)),
                    ("set_model_version_tag", (name, number, "status", "archived")),
                    ("delete_model_version_tag", (name, number, "status")),
                    ("set_registered_model_alias", (name, alias, number)),
                    ("delete_registered_model_alias", (name, alias)),
                    ("delete_model_version", (name, number)),
                ]
            )
        )
    return made


def disagreements(seed: int, count: int = 40) -> list[str]:
    """Make the same calls to both clients; return those of which they say different things."""
    draw = Random(seed)
    name, models = unit.registry(draw, 6)
    models[name]["aliases"] = [["billing", 2], ["audit", 2]]
    clients = stand_in(models), real(models)
    found = []
    for method, arguments in calls(draw, models, count):
        seen = []
        for client in clients:
            try:
                value = said(getattr(client, method)(*arguments))
                # Without an order of its own MLflow puts what changed last first; the order is not relied on.
                seen.append(sorted(value) if method.startswith("search") and len(arguments) == 1 else value)
            except Exception as error:
                seen.append(type(error).__name__)
        if seen[0] != seen[1]:
            found.append(f"seed {seed}: {method}{arguments}: stand-in {seen[0]}, MLflow {seen[1]}")
    return found


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--seeds", default=200, show_default=True, type=click.IntRange(10))
def main(seeds: int) -> None:
    """Count over many seeds."""
    click.echo(f"q2: gradings of {seeds} in which a rule is told from the true one")
    for name, count in told_apart(seeds).items():
        click.echo(f"  {name}: {count}")
    found = [line for seed in range(seeds // 10) for line in disagreements(seed)]
    click.echo(f"q3, q4: the stand-in and MLflow disagree in {len(found)} of {seeds // 10 * 40} calls")
    for line in found[:20]:
        click.echo(f"  {line}")


if __name__ == "__main__":
    main()
