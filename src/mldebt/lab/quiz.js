// One quiz question. The answer is never here: a response goes to Python, the verdict comes back.

let made = 0;

function quiet(control) {
  // JupyterLab's command keys (m, b, d d, arrows) must not act while a control has the focus.
  control.setAttribute("data-lm-suppress-shortcuts", "true");
  return control;
}

function element(tag, className, html) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (html !== undefined) made.innerHTML = html; // rendered by Python from Markdown, raw HTML escaped
  return made;
}

function options(model, name) {
  const type = model.get("kind") === "several" ? "checkbox" : "radio";
  return model.get("options").map((html, at) => {
    const label = element("label", "mldebt-option");
    const input = quiet(element("input"));
    input.type = type;
    input.name = name;
    input.value = "ABCDEFGH"[at];
    input.checked = model.get("response").includes(input.value);
    label.append(input, element("span", "", html));
    return label;
  });
}

function gaps(model, name) {
  const code = element("pre", "mldebt-gaps");
  const pieces = model.get("code").split("___");
  pieces.forEach((piece, at) => {
    code.append(piece);
    if (at === pieces.length - 1) return;
    const input = quiet(element("input"));
    input.type = "text";
    input.name = name;
    input.setAttribute("aria-label", `Gap ${at + 1} of ${pieces.length - 1}`);
    input.autocomplete = "off";
    input.spellcheck = false;
    input.value = model.get("response")[at] ?? "";
    code.append(input);
  });
  return [code];
}

function number(model, name) {
  const label = element("label", "mldebt-option");
  const input = quiet(element("input"));
  input.type = "text";
  input.inputMode = "decimal";
  input.name = name;
  input.value = model.get("response")[0] ?? "";
  label.append(element("span", "", "Your number:"), input);
  return [label];
}

function render({ model, el }) {
  const name = `mldebt-${made++}-${Math.random().toString(36).slice(2)}`;
  const kind = model.get("kind");
  const form = element("form", "mldebt-quiz");
  const group = element("fieldset");
  group.append(element("legend", "", model.get("ask")));
  if (kind !== "blank" && model.get("code")) {
    const code = element("pre", "mldebt-code");
    code.textContent = model.get("code");
    group.append(code);
  }
  const controls = kind === "blank" ? gaps(model, name) : kind === "number" ? number(model, name) : options(model, name);
  group.append(...controls);

  const button = quiet(element("button", "", "Check"));
  button.type = "submit";
  const feedback = element("div", "mldebt-quiz-feedback");
  feedback.setAttribute("role", "status");

  form.addEventListener("keydown", (event) => {
    // JupyterLab would take Enter for itself before the form sees it.
    if (event.key !== "Enter" || event.target.type !== "text") return;
    event.preventDefault();
    event.stopPropagation();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const inputs = [...form.querySelectorAll("input")];
    const text = kind === "blank" || kind === "number";
    model.set("response", inputs.filter((input) => text || input.checked).map((input) => input.value));
    model.set("tries", model.get("tries") + 1);
    model.save_changes();
  });
  const show = () => {
    feedback.innerHTML = model.get("feedback");
    form.dataset.verdict = model.get("verdict");
  };
  model.on("change:feedback", show);
  show();

  form.append(group, button, feedback);
  el.append(form);
}

export default { render };
