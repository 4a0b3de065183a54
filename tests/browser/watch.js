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
  new MutationObserver(() => (changed = performance.now())).observe(document, all);

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
  // Changes come first: they are known without a look at the page, which other questions would have laid out anew.
  window.still = (quiet) => new Promise((resolve) => {
    const look = () => {
      const left = changed + quiet - performance.now();
      if (left > 0) setTimeout(look, left);
      else if (drawn()) resolve(true);
      else setTimeout(look, 20);
    };
    look();
  });
})();
