// Flash cards: a front, a back on demand, and two buttons. Which card comes next is Python's to say.

function quiet(button) {
  // JupyterLab's command keys must not act while a button has the focus.
  button.setAttribute("data-lm-suppress-shortcuts", "true");
  button.type = "button";
  return button;
}

function render({ model, el }) {
  const box = document.createElement("section");
  box.className = "mldebt-card";
  box.setAttribute("aria-label", model.get("label"));
  box.tabIndex = -1; // it takes the focus when the last button is gone
  box.setAttribute("data-lm-suppress-shortcuts", "true");
  const front = document.createElement("div"); // may hold lines of code
  front.className = "mldebt-card-front";
  front.setAttribute("aria-live", "polite");
  const back = document.createElement("div");
  back.setAttribute("role", "status");
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  const buttons = document.createElement("p");

  const add = (text, word) => {
    const button = quiet(document.createElement("button"));
    button.textContent = text;
    button.addEventListener("click", () => model.send({ word }));
    buttons.append(button, " ");
    return button;
  };
  const show = add("Show answer", "show");
  const knew = add("I knew it", "knew");
  const not = add("Not yet", "not");

  const draw = () => {
    const focused = document.activeElement; // a button that is hidden loses the focus at once
    front.innerHTML = model.get("front"); // rendered by Python from Markdown, raw HTML escaped
    back.innerHTML = model.get("back");
    status.textContent = model.get("status");
    const open = model.get("back") !== "";
    const card = model.get("front") !== "";
    show.hidden = open || !card;
    knew.hidden = not.hidden = !open;
    if (box.contains(focused) && focused.hidden) (open ? knew : card ? show : box).focus();
  };
  ["front", "back", "status"].forEach((name) => model.on(`change:${name}`, draw));
  box.append(front, back, buttons, status);
  el.append(box);
  draw();
}

export default { render };
