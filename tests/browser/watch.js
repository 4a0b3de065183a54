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

  // What is asked of the server is answered before the page can be said to stand still.
  let asked = 0;
  window.WebSocket = class extends WebSocket {
    constructor(...to) {
      super(...to);
      this.addEventListener("message", () => {
        asked = 0;
        changed = performance.now();
      });
    }
    send(message) {
      asked += 1;
      super.send(message);
    }
  };

  const drawn = () =>
    !asked &&
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
