"""The world is what docs/world.md says, and the same for the same seed."""

import numpy as np
import pandas as pd
import pytest

from mldebt.churn import FEATURES, Drift, Logistic, auc, customers, exit_calls, in_minutes, log_loss, silent_zeros

ROWS = 4000


@pytest.fixture(scope="module")
def world():
    return customers(ROWS, seed=1, truth=True)


def test_the_same_seed_draws_the_same_customers():
    pd.testing.assert_frame_equal(customers(200, 3, seed=5), customers(200, 3, seed=5))
    assert not customers(200, seed=5).equals(customers(200, seed=6))


def test_one_row_for_each_customer_and_month(world):
    panel = customers(300, 6, seed=2)
    assert panel.groupby("month").size().tolist() == [300] * 6
    assert not panel.duplicated(["customer", "month"]).any()
    assert list(world.columns) == ["customer", "month", *FEATURES, "engagement", "risk", "churned"]
    assert not world.isna().any().any()


def test_who_leaves_is_replaced_and_who_stays_grows_older():
    panel = customers(300, 2, seed=3)
    first, second = (panel[panel["month"] == month].set_index("customer") for month in (0, 1))
    stayed = first.index[first["churned"] == 0]
    assert set(stayed) <= set(second.index)
    assert not set(first.index[first["churned"] == 1]) & set(second.index)
    assert (second.loc[stayed, "tenure"] == first.loc[stayed, "tenure"] + 1).all()
    assert (second.loc[stayed, "usage_last_month"] == first.loc[stayed, "usage"]).all()
    assert (
        second.loc[stayed, ["price", "contract", "region"]] == first.loc[stayed, ["price", "contract", "region"]]
    ).all(axis=None)
    assert (second.drop(stayed)["tenure"] == 0).all()


def test_the_outcome_is_drawn_with_the_risk_that_the_equation_gives(world):
    one_hot = {"south": 0.1, "east": -0.1, "west": 0.4}
    z = (
        -0.65
        - world["engagement"]
        - 0.3 * np.log1p(world["tenure"])
        + 0.08 * (world["price"] - 20)
        + 0.4 * world["tickets"]
        - 0.8 * (world["contract"] == "yearly")
        + world["region"].map(one_hot).fillna(0)
    )
    np.testing.assert_allclose(world["risk"], 1 / (1 + np.exp(-z)), rtol=1e-9)
    bins = pd.qcut(world["risk"], 8, labels=False)
    by = world.groupby(bins).agg(risk=("risk", "mean"), churned=("churned", "mean"), n=("risk", "size"))
    assert ((by["risk"] - by["churned"]).abs() < 4 * np.sqrt(by["risk"] * (1 - by["risk"]) / by["n"])).all()


@pytest.mark.parametrize(
    ("drift", "columns_move"),
    [(Drift(covariate=1), True), (Drift(base_rate=1), False), (Drift(concept=1), False)],
    ids=["covariate", "base rate", "concept"],
)
def test_each_drift_moves_what_it_says(world, drift, columns_move):
    there = customers(ROWS, seed=1, drift=drift)
    assert bool(there["usage"].mean() < 0.8 * world["usage"].mean()) is columns_move
    if not columns_move:
        pd.testing.assert_frame_equal(there[list(FEATURES)], world[list(FEATURES)])
    assert there["churned"].mean() > world["churned"].mean() + 0.03


def test_drift_comes_when_and_as_fast_as_it_is_told():
    drift = Drift(since=2, over=4)
    assert [drift.strength(month) for month in range(8)] == [0, 0, 0.25, 0.5, 0.75, 1, 1, 1]
    before = customers(300, 4, seed=4)
    after = customers(300, 4, seed=4, drift=Drift(since=2, base_rate=3))
    pd.testing.assert_frame_equal(before[before["month"] < 2], after[after["month"] < 2])
    assert after[after["month"] == 2]["churned"].mean() > before[before["month"] == 2]["churned"].mean() + 0.2


def test_an_offer_lowers_the_risk_of_those_who_get_it(world):
    treated = customers(ROWS, seed=1, treat=lambda frame: frame["price"] > 20, truth=True)
    offered = treated["treated"]
    assert (offered == (treated["price"] > 20)).all()
    odds = lambda risk: np.log(risk / (1 - risk))  # noqa: E731
    np.testing.assert_allclose(odds(treated["risk"]), odds(world["risk"]) - 1.5 * offered, atol=1e-9)


def test_faults_leave_the_table_that_they_were_given(world):
    kept = world.copy()
    minutes = in_minutes(world, 0.3, seed=1)
    zeros = silent_zeros(world, 0.1, seed=1, column="login_days")
    calls = exit_calls(world, seed=1)
    pd.testing.assert_frame_equal(world, kept)
    assert (minutes["usage"] == 60 * world["usage"]).mean() == pytest.approx(0.3, abs=0.03)
    assert (zeros["login_days"] == 0).mean() == pytest.approx(0.1, abs=0.03)
    assert calls.groupby("churned")["exit_calls"].mean().diff()[1] > 1
    assert (exit_calls(world, seed=1, known=False)["exit_calls"] == 0).all()


def test_the_model_finds_the_weights_that_made_the_data():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=20_000), "b": rng.normal(5, 3, size=20_000)})
    odds = 0.5 + 1.2 * frame["a"] - 0.4 * (frame["b"] - 5)
    frame["churned"] = (rng.random(20_000) < 1 / (1 + np.exp(-odds))).astype(int)
    model = Logistic.fit(frame, ["a", "b"])
    assert model.weights["a"] == pytest.approx(1.2, abs=0.06)
    assert model.weights["b"] == pytest.approx(-0.4 * 3, abs=0.06)
    np.testing.assert_allclose(model.predict(frame), 1 / (1 + np.exp(-model.log_odds(frame))))


def test_the_model_reads_one_row_as_it_reads_many(world):
    model = Logistic.fit(world, FEATURES)
    all_rows = model.predict(world)
    for at in (0, 1, 7):
        assert model.predict(world.iloc[[at]])[0] == pytest.approx(all_rows[at], rel=1e-12)


def test_the_model_refuses_what_it_cannot_read(world):
    with pytest.raises(ValueError, match="no column nonsense"):
        Logistic.fit(world, ["usage", "nonsense"])
    with pytest.raises(ValueError, match="missing or infinite numbers: usage"):
        Logistic.fit(world.assign(usage=np.nan), ["usage", "price"])


def test_auc_and_log_loss_by_hand():
    assert auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) == 0.75
    assert auc([0, 1], [0.5, 0.5]) == 0.5
    assert np.isnan(auc([1, 1], [0.1, 0.2]))
    assert log_loss([1, 0], [0.5, 0.5]) == pytest.approx(np.log(2))
    assert log_loss([1], [0.0]) < 30  # bounded, not infinite
