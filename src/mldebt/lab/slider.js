// A slider with its name and its value, and what Python prints for it.

function render({ model, el }) {
  const box = document.createElement("div");
  box.className = "mldebt-slider";
  const label = document.createElement("label");
  const input = document.createElement("input");
  input.type = "range";
  input.min = model.get("low");
  input.max = model.get("high");
  // JupyterLab's command keys (m, b, d d, arrows) must not act while the slider has the focus.
  input.setAttribute("data-lm-suppress-shortcuts", "true");
  const value = document.createElement("span");
  value.className = "mldebt-slider-value";
  const said = document.createElement("pre");
  said.setAttribute("role", "status");
  input.addEventListener("input", () => {
    value.textContent = input.value;
    model.set("value", Number(input.value));
    model.save_changes();
  });
  const draw = () => {
    // What Python says of an earlier place must not move a slider that is being moved.
    if (document.activeElement !== input) input.value = model.get("value");
    value.textContent = input.value;
    said.textContent = model.get("said");
  };
  ["value", "said"].forEach((name) => model.on(`change:${name}`, draw));
  label.append(`${model.get("name")} `, input, value);
  box.append(label, said);
  el.append(box);
  draw();
}

export default { render };
