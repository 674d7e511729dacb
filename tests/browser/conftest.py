"""A real JupyterLab on a copy of the course, driven in headless Chromium.

Readiness is the kernel's own connection, not JupyterLab's "idle" mark, which is set before the kernel is connected.
Each test gets a course folder without progress, and no kernel of an earlier test.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("notebooks", "exercises", "solutions")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
KERNEL_READY = """() => {
  const widget = window.jupyterapp?.shell.currentWidget;
  const kernel = widget?.sessionContext?.session?.kernel;
  return widget?.context?.isReady && kernel && kernel.connectionStatus === 'connected' && kernel.status === 'idle';
}"""
ALL_RUN = """() => {
  const panel = document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden)');
  const prompts = [...panel.querySelectorAll('.jp-CodeCell .jp-InputPrompt')];
  return prompts.length && prompts.every((prompt) => /^\\[\\d+\\]:$/.test(prompt.textContent));
}"""


def pytest_collection_modifyitems(items):
    if CHROMIUM is None:
        here = Path(__file__).parent
        for item in items:
            if here in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="no chromium on this machine: the browser tests are left out"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": quiet}


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Serve an empty course folder; return its address and the folder."""
    home = tmp_path_factory.mktemp("lab")
    course = home / "course"
    course.mkdir()
    config = home / "config" / "labconfig"
    config.mkdir(parents=True)
    news = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (config / "page_config.json").write_text(json.dumps(news))
    (config / "default_setting_overrides.json").write_text(json.dumps(SETTINGS))
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    env = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "PYTEST"))}
    env |= {key: str(home / folder) for key, folder in places.items()} | {"JUPYTER_PREFER_ENV_PATH": "1"}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyter", "lab", "--allow-root", "--no-browser", "--ip=127.0.0.1"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={course}"]
    command += ["--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True"]
    command += ["--LabApp.extension_manager=readonly", "--LanguageServerManager.autodetect=False"]
    url = f"http://127.0.0.1:{port}"
    with (home / "log").open("w") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(url + "/api/status")
                break
            time.sleep(0.1)
        else:
            pytest.fail((home / "log").read_text())
        yield url, course
    finally:
        process.terminate()
        process.wait(20)


class Notebook:
    """An open notebook: its cells, what is typed into them, and what they show."""

    def __init__(self, page):
        self.page = page
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def cell(self, text):
        """Return the code cell that holds a text."""
        return self.panel.locator(".jp-CodeCell", has=self.page.locator(".cm-content", has_text=text)).first

    def output(self, text):
        return self.cell(text).locator(".jp-OutputArea")

    def write(self, text, lines):
        """Replace the code of the cell that holds `text`."""
        self.cell(text).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text("\n".join(lines))

    def run(self, text):
        """Run one cell and wait for the kernel."""
        self.cell(text).locator(".cm-content").click()
        self.command("notebook:run-cell")
        self.page.wait_for_timeout(150)
        self.page.wait_for_function(KERNEL_READY, timeout=60_000)

    def run_all(self):
        """Run all cells, as far as they go, and wait for the kernel."""
        self.command("notebook:run-all-cells")

    def command(self, name, arguments=None):
        # Not awaited: the command's promise may wait for a dialog, and evaluate has no time limit.
        self.page.evaluate(
            "([name, args]) => { window.jupyterapp.commands.execute(name, args); }", [name, arguments or {}]
        )

    def theme(self, name):
        self.command("apputils:change-theme", {"theme": f"JupyterLab {name}"})
        light = "true" if name == "Light" else "false"
        self.page.locator(f'body[data-jp-theme-light="{light}"]').wait_for(state="attached")
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")  # it covers the page while styles load

    def restart(self):
        self.page.evaluate("() => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart(); }")
        self.page.wait_for_timeout(1500)
        self.page.wait_for_function(KERNEL_READY, timeout=60_000)


@pytest.fixture
def lab(server, page):
    """Open notebooks of a fresh copy of the course; fail for page errors and requests to the outside."""
    url, course = server
    for folder in FOLDERS:
        shutil.rmtree(course / folder, ignore_errors=True)
        shutil.copytree(ROOT / folder, course / folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.rmtree(course / ".mldebt", ignore_errors=True)
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    ours = (url, url.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda request: request.url.startswith(ours) or problems.append(request.url))
    page.set_viewport_size({"width": 1100, "height": 1600})

    def open_notebook(path):
        page.goto(f"{url}/lab/tree/{path}?reset")
        return ready()

    def ready():
        """Return the notebook in front, when its cells and its kernel are there."""
        notebook = Notebook(page)
        notebook.panel.locator(".jp-Cell").first.wait_for(timeout=60_000)
        page.wait_for_function(KERNEL_READY, timeout=60_000)
        return notebook

    open_notebook.problems, open_notebook.ready = problems, ready
    yield open_notebook
    token = next((cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "_xsrf"), "")
    for session in json.load(urllib.request.urlopen(url + "/api/sessions")):
        page.request.delete(f"{url}/api/sessions/{session['id']}", headers={"X-XSRFToken": token})
    assert problems == []
