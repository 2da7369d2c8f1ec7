"""A real browser, spoken to through its debugging pipe: no driver and no library is needed."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--disable-default-apps", "--remote-debugging-pipe",
]


class Browser:
    """One browser process; pages are opened one after the other."""

    def __init__(self):
        self.home = tempfile.TemporaryDirectory(prefix="celerity-chromium-", ignore_cleanup_errors=True)
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if program is None:
            raise RuntimeError("there is no chromium; scripts/bootstrap test installs it")
        to_browser, self.out = os.pipe()
        self.inbound, from_browser = os.pipe()
        # The pipe is file 3 to the browser and file 4 from it.
        command = 'exec 3<&"$1" 4>&"$2" && shift 2 && exec "$@"'
        self.process = subprocess.Popen(
            ["bash", "-c", command, "chromium", str(to_browser), str(from_browser), program, *FLAGS,
             f"--user-data-dir={self.home.name}"],
            pass_fds=[to_browser, from_browser], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = b""
        self.count = 0
        self.events = []

    def close(self):
        os.close(self.out)
        os.close(self.inbound)
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.home.cleanup()

    def call(self, method, session=None, **parameters):
        """Calls a method of the protocol and answers its result; events on the way are kept."""
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.next_message(20)
            if answer is None:
                raise TimeoutError(method)
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def next_message(self, seconds):
        """The next message; None when none comes in time."""
        deadline = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.inbound], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                return None
            part = os.read(self.inbound, 1 << 16)
            if not part:
                raise RuntimeError("the browser ended")
            self.buffer += part
        line, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(line)


class Page:
    """A page that is being looked at, and everything that went wrong on it."""

    def __init__(self, browser, url, dark=False, width=1280, height=1400, scripts=True, accept=None):
        self.browser = browser
        self.browser.events = []
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for domain in ["Page", "Network", "Runtime", "Log"]:
            self.call(f"{domain}.enable")
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        if not scripts:
            self.call("Emulation.setScriptExecutionDisabled", value=True)
        if accept:
            self.call("Network.setExtraHTTPHeaders", headers={"Accept": accept})
        self.call("Page.navigate", url=url)
        self.wait_for_event("Page.loadEventFired")

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)

    def wait_for_event(self, method, seconds=20):
        deadline = time.monotonic() + seconds
        while not any(event.get("method") == method for event in self.browser.events):
            message = self.browser.next_message(deadline - time.monotonic())
            if message is None:
                raise TimeoutError(method)
            self.browser.events.append(message)

    def value(self, expression):
        """The value of an expression of JavaScript."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"])
        return result["result"].get("value")

    def wait_for(self, expression, seconds=15):
        """Waits until an expression is true."""
        script = f"""new Promise((done) => {{
            const look = () => {{ if ({expression}) done(true); else requestAnimationFrame(look); }};
            setTimeout(() => done(false), {seconds * 1000});
            look();
        }})"""
        return self.value(script)

    def requests(self):
        """Every address that was asked for."""
        return [event["params"]["request"]["url"] for event in self.browser.events
                if event.get("method") == "Network.requestWillBeSent"]

    def complaints(self):
        """Exceptions, messages on the console from warnings on, and what the browser logged: also broken policies."""
        found = []
        for event in self.browser.events:
            parameters = event.get("params", {})
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(parameters["exceptionDetails"].get("exception", {}).get("description", "exception"))
            elif event.get("method") == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning"):
                found.append(str([argument.get("value") for argument in parameters["args"]]))
            elif event.get("method") == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
                found.append(parameters["entry"]["text"])
        return found

    def screenshot(self, path):
        picture = self.call("Page.captureScreenshot", format="png")
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))
