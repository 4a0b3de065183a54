// Runs before every page's own scripts: a new page finds nothing that an earlier one stored, and tells when it last changed.
(() => {
  try {
    if (!sessionStorage.getItem("visited")) {
      localStorage.clear();
      sessionStorage.setItem("visited", "1");
    }
  } catch {
    return; // a frame without an origin has no storage
  }
  window.lastChange = performance.now();
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver(() => (window.lastChange = performance.now())).observe(document, all);
})();
