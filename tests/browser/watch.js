// Runs before every page's own scripts: a new page finds nothing that an earlier one stored, tells when it stands still,
// and shows at once what would otherwise fade or slide in: a fifth of a page's processor time.
(() => {
  try {
    if (!sessionStorage.getItem("visited")) {
      localStorage.clear();
      sessionStorage.setItem("visited", "1");
    }
  } catch {
    return; // a frame without an origin has no storage
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, ::before, ::after { animation: none !important; transition: none !important }");
  document.adoptedStyleSheets.push(sheet);

  let changed = performance.now();
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  const watcher = new MutationObserver(() => (changed = performance.now()));
  watcher.observe(document, all);
  const { attachShadow } = Element.prototype; // a component stands in a tree of its own
  Element.prototype.attachShadow = function (how) {
    const root = attachShadow.call(this, how);
    watcher.observe(root, all);
    return root;
  };

  // A run that was asked for has begun before the page can be said to stand still. The server begins none for a part of the
  // page that is gone meanwhile, and says nothing of it.
  const RERUN = 11, BEGUN = 4, PATIENCE = 3000; // numbers of fields in Streamlit's messages; ms
  let asked = -Infinity;
  const kind = (bytes) => {
    let at = 0;
    while (bytes[at] >> 3 < 3) {
      let length = 0, shift = 0;
      do {
        length |= (bytes[++at] & 127) << shift;
        shift += 7;
      } while (bytes[at] > 127);
      at += 1 + length; // a message's hash and place come before what it says
    }
    return bytes[at] >> 3;
  };
  window.WebSocket = class extends WebSocket {
    constructor(...to) {
      super(...to);
      this.addEventListener("message", ({ data }) => {
        if (data instanceof ArrayBuffer && kind(new Uint8Array(data)) === BEGUN) asked = -Infinity;
        changed = performance.now();
      });
    }
    send(message) {
      if (ArrayBuffer.isView(message) && kind(message) === RERUN) asked = performance.now();
      super.send(message);
    }
  };

  const drawn = () =>
    performance.now() - asked > PATIENCE &&
    document.querySelector("h1") &&
    document.querySelector('[data-testid="stApp"]').dataset.testScriptState === "notRunning" &&
    !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]') &&
    [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].every((chart) => chart.querySelector(".main-svg")) &&
    document.getAnimations().every((one) => one.playState !== "running"
      || one.effect.getComputedTiming().iterations === Infinity);
  // What the page still means to do: short timers and requests. While there is any it must stand still for a while; where there
  // is none, two frames in which nothing changes are enough, one for what a new width or theme calls and one to draw it.
  const SHORT = 300, TICK = 10; // ms; what is put off for longer waits for a person
  const { setTimeout: later, clearTimeout: drop, requestAnimationFrame: frame, fetch: get } = window;
  const timers = new Set();
  let requests = 0;
  window.setTimeout = (call, wait = 0, ...rest) => {
    const timer = later((...given) => {
      timers.delete(timer);
      call(...given);
    }, wait, ...rest);
    if (wait < SHORT) timers.add(timer);
    return timer;
  };
  window.clearTimeout = (timer) => {
    timers.delete(timer);
    drop(timer);
  };
  const counted = (request) => {
    requests += 1;
    return request.finally(() => (requests -= 1));
  };
  window.fetch = (...asked) => counted(get(...asked));
  const { createObjectURL: name } = URL;
  URL.createObjectURL = (what) => {
    const address = name(what);
    if (what.type === "text/javascript") counted(import(address)); // a component's script is there when the page has it too
    return address;
  };
  const { postMessage } = MessagePort.prototype; // what is drawn in slices asks for the next by it
  MessagePort.prototype.postMessage = function (...said) {
    changed = performance.now();
    postMessage.apply(this, said);
  };

  const busy = (quiet) => {
    const calm = performance.now() - changed;
    return calm < TICK || (timers.size + requests > 0 && calm < quiet);
  };
  // Changes come first: they are known without a look at the page, which other questions would have laid out anew.
  window.still = (quiet) => new Promise((resolve) => {
    const look = () => {
      if (busy(quiet) || !drawn()) return later(look, TICK);
      const seen = changed;
      frame(() => frame(() => (seen === changed && !busy(quiet) ? resolve(true) : look())));
    };
    look();
  });
})();
