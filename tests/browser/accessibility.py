"""axe-core on what is ours in a page: outputs and widgets, by the rules of WCAG 2.0, 2.1 and 2.2, levels A and AA.

JupyterLab's own parts (menus, editors, rendered Markdown) are not ours to mend and are left out.
"""

from pathlib import Path

import axe_playwright_python

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# JupyterLab's body is 0 pixels high and hides what overflows, so that axe takes everything for hidden and finds nothing.
TALL = "body { height: 100vh !important; overflow: auto !important; }"
# A traceback in a lesson that shows one has JupyterLab's own colours.
OUTPUTS = '.jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea-output:not([data-mime-type*="std"])'
RUN = """async ([scope, rules]) => {
  const found = await axe.run({ include: [[scope]] }, { runOnly: { type: 'tag', values: rules } });
  const say = (rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 200)}`);
  // Text that axe takes for hidden or covered is looked at by no rule: an empty list of faults then means nothing.
  const read = [...found.passes, ...found.violations].some((rule) => rule.id === 'color-contrast');
  const text = [...document.querySelectorAll(scope)].some((at) => at.innerText.trim());
  return { faults: found.violations.flatMap(say), blind: text && !read };
}"""


def violations(page, scope):
    """Return what axe finds in all elements that a selector names: `rule: the element`."""
    if page.evaluate("() => typeof axe === 'undefined'"):
        page.add_style_tag(content=TALL)
        page.add_script_tag(path=AXE)
    if page.locator(scope).count() == 0:
        return []
    seen = page.evaluate(RUN, [scope, RULES])
    assert not seen["blind"], f"axe has read none of the text in {scope}"
    return seen["faults"]


def look(notebook, page):
    """Return what axe finds in the outputs, in the light and in the dark theme."""
    # What is scrolled out of sight axe takes for hidden.
    cells = notebook.panel.locator(".jp-WindowedPanel-outer")
    page.set_viewport_size({"width": 1100, "height": cells.evaluate("(at) => at.scrollHeight") + 300})
    found = {}
    for theme in ("Light", "Dark"):
        notebook.theme(theme)
        page.wait_for_timeout(300)
        cells.evaluate("(at) => { at.scrollTop = 0; }")
        found[theme] = violations(page, OUTPUTS)
    return found
