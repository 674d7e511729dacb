// A clock that runs while a challenge is on. Time is measured in Python; this only shows it.
// The questions stand in the widget below: each takes the focus from the one that it replaces.

function render({ model, el }) {
  const box = document.createElement("section");
  box.className = "mldebt-card";
  box.setAttribute("aria-label", "Challenge");
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("data-lm-suppress-shortcuts", "true");
  const clock = document.createElement("span");
  clock.setAttribute("role", "timer");
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  let ticking = 0;
  let asked = null;

  const free = () => {
    // Whether the focus is nobody else's: a control that is taken away leaves it to the page.
    const at = document.activeElement;
    return !at || at === document.body || box.closest(".widget-vbox")?.contains(at);
  };
  const watch = new MutationObserver(() => {
    const control = box.closest(".widget-vbox")?.querySelector(".mldebt-quiz input");
    if (!control || control === asked) return;
    asked = control;
    if (free()) control.focus();
  });
  const tick = () => {
    const left = model.get("seconds") - Math.floor((Date.now() - model.get("began")) / 1000);
    clock.textContent = ` ${Math.max(left, 0)} seconds left`;
    if (left <= 0) {
      stop();
      model.send({ word: "over" });
    }
  };
  const stop = () => {
    clearInterval(ticking);
    watch.disconnect();
    ticking = 0;
  };
  button.addEventListener("click", () => model.send({ word: "start" }));
  const draw = () => {
    const on = model.get("running");
    button.textContent = model.get("status") ? "Again" : `Start: ${model.get("seconds")} seconds`;
    const ended = !on && ticking !== 0;
    const mine = free();
    button.hidden = on;
    if (on && !ticking) {
      if (!model.get("began")) {
        model.set("began", Date.now());
        model.save_changes();
      }
      const place = box.closest(".widget-vbox");
      if (place) watch.observe(place, { childList: true, subtree: true });
      ticking = setInterval(tick, 1000);
      tick();
    }
    if (!on) {
      stop();
      if (ended && mine) button.focus();
      clock.textContent = "";
    }
    status.textContent = model.get("status");
    status.className = model.get("badge") ? "mldebt-badge" : "";
  };
  ["running", "status", "badge"].forEach((name) => model.on(`change:${name}`, draw));
  box.append(button, clock, status);
  el.append(box);
  draw();
  return stop;
}

export default { render };
