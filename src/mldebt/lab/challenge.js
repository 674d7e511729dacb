// A clock that runs while a challenge is on. Time is measured in Python; this only shows it.

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
  let began = 0;

  const tick = () => {
    const left = model.get("seconds") - Math.floor((Date.now() - began) / 1000);
    clock.textContent = ` ${Math.max(left, 0)} seconds left`;
    if (left <= 0) {
      stop();
      model.send({ word: "over" });
    }
  };
  const stop = () => {
    clearInterval(ticking);
    ticking = 0;
  };
  button.addEventListener("click", () => model.send({ word: "start" }));
  const draw = () => {
    const on = model.get("running");
    button.textContent = model.get("status") ? "Again" : `Start: ${model.get("seconds")} seconds`;
    button.hidden = on;
    if (on && !ticking) {
      began = Date.now();
      ticking = setInterval(tick, 1000);
      tick();
    }
    if (!on) {
      stop();
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
