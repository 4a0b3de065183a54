// Watches for popovers: focus goes into what opens, a form's first field or the box, and one that is squeezed becomes a dialog.
// What scrolls is reached by keyboard: in a popover always, on the page where nothing inside it takes the focus.
// What is chosen keeps its background under the mouse: Streamlit's is too dark to read it.
// On a phone tables are set closer, and what stands below each other is no further apart than the rest of the page.
// A cell stands below its heading, and what is presented has no menu, not even the room it took before.
// What was asked for comes into view and takes the focus, once.
// Enter commits a typed date, and a control replaces the entry of the history that only another page adds to.
const BOX = '[data-testid="stPopoverBody"]';
const ARRIVES = '[class*="st-key-arrives-"]';
const FIELD = 'input:not([type="hidden"]):not([disabled]), textarea:not([disabled])';
const FOCUSABLE = 'a[href], button, input, select, textarea, [tabindex]:not([tabindex="-1"])';
const SCROLLING = /auto|scroll/;
const LEAST = 320; // px of height below which a box that wants more is moved
const ANSWERED = 20; // ms without a change when nothing runs: what opens has its fields
const ANSWERING = 80; // while the script runs parts come one by one
const PAPER = 680; // px between the margins of A4 and Letter
const SHADE = "rgba(8, 14, 20, 0.45)"; // behind a dialog, darker than the page in both themes
const STYLE = `
[data-testid="stDialog"] { background: ${SHADE} !important; }
[data-testid="stDialog"] [data-testid="stHeading"] :is(h2, h3) { font-size: 1.125rem !important; }
[data-testid="stButtonGroup"] [data-selected="true"]:hover { background: color-mix(in srgb, currentColor 10%, transparent) !important; }
[data-testid="stTable"] th + td { padding-left: 1rem !important; }
@media (max-width: 640px) {
  [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"]) { row-gap: 1rem !important; }
  [data-testid="stTable"] :is(td, th + td, th) { padding-left: 0.375rem !important; padding-right: 0.25rem !important; }
}
html[data-keel-presenting] :is([data-testid="stSidebar"], [data-testid="stExpandSidebarButton"]) { display: none !important; }
${BOX}:focus, ${ARRIVES}:focus { outline: none; }
${ARRIVES} { scroll-margin-top: 4rem; min-height: 80vh; }
${BOX}[data-keel-dialog] { position: fixed !important; inset: 4vh auto auto 50% !important; transform: translateX(-50%) !important;
  max-height: 92vh !important; max-width: 94vw !important; box-shadow: 0 0 0 100vmax ${SHADE} !important; }`;
// On paper: no menu and nothing to press, pages that break between charts and rows, dark ink on white whatever the theme.
const CONTROLS = [
  "stSidebar", "stSidebarCollapsedControl", "stHeader", "stToolbar", "stDecoration", "stStatusWidget", "stElementToolbar",
  "stButton", "stDownloadButton", "stPageLink", "stPopover", "stButtonGroup", "stFileUploader", "stTextInput",
  "stTextArea", "stNumberInput", "stSelectbox", "stMultiSelect", "stCheckbox", "stRadio", "stSlider", "stDateInput",
  "stPagination", "stTooltipIcon", "stForm", "stDialog",
].map((name) => `[data-testid="${name}"]`).join(", ");
const PRINT = `@media print {
  @page { margin: 14mm; }
  ${CONTROLS}, details:not([open]) { display: none !important; }
  html, body, #root, [data-testid="stApp"], [data-testid="stApp"] > div, [data-testid="stAppViewContainer"],
  [data-testid="stMain"] { position: static !important; display: block !important; height: auto !important;
    overflow: visible !important; background: none !important; }
  [data-testid="stMainBlockContainer"] { padding: 0 !important; max-width: none !important; }
  [data-testid="stPlotlyChart"], [data-testid="stMetric"], [data-testid="stAlert"], tr, details { break-inside: avoid; }
  h1, h2, h3, summary, [data-testid="stElementContainer"]:has(h1, h2, h3, [data-testid="stCaptionContainer"]) {
    break-after: avoid; }
  [data-testid="stMain"] { zoom: var(--keel-zoom, 1); }
  .js-plotly-plot .main-svg { background: none !important; }
  .js-plotly-plot .bg { fill: none !important; }
  [data-testid="stDataFrame"] { overflow: visible !important; }
  html[data-keel-dark] [data-testid="stMain"] { filter: invert(1) hue-rotate(180deg); }
}`;
const isDark = () => {
  const [red, green, blue] = getComputedStyle(document.querySelector('[data-testid="stApp"]')).backgroundColor.match(/[\d.]+/g);
  return 0.3 * red + 0.6 * green + 0.1 * blue < 128;
};
// A chart keeps the width it was drawn at: the page is made smaller until the widest fits.
const forPaper = () => {
  const root = document.documentElement;
  root.toggleAttribute("data-keel-dark", isDark());
  const widths = [...document.querySelectorAll('[data-testid="stPlotlyChart"] .main-svg')].map((chart) => chart.clientWidth);
  root.style.setProperty("--keel-zoom", Math.min(1, PAPER / Math.max(PAPER, ...widths)));
};

const fit = (box) => {
  if (box.dataset.keelDialog !== undefined) return;
  const squeezed = box.clientHeight < LEAST && box.scrollHeight > box.clientHeight + 4;
  if (squeezed) box.dataset.keelDialog = "";
};
const enter = (box) => {
  if (box.dataset.keelEntered !== undefined || !box.innerText.trim() || box.querySelector('[data-testid="stSkeleton"]')) return;
  box.dataset.keelEntered = "";
  if (box.contains(document.activeElement)) return;
  const form = box.querySelector('[data-testid="stForm"]');
  if (!form && box.tabIndex < 0) box.tabIndex = -1;
  (form?.querySelector(FIELD) ?? box).focus({ preventScroll: true });
};
const arrived = new Set();
const arrive = (part) => {
  const key = [...part.classList].find((word) => word.startsWith("st-key-arrives-"));
  if (arrived.has(key) || !part.innerText.trim()) return;
  arrived.add(key);
  part.tabIndex = -1;
  part.focus({ preventScroll: true });
  part.scrollIntoView({ block: "start" });
};
// What its class makes of a part holds until the window changes: most parts never scroll, and are not measured.
const scrollers = new Map();
const mayScroll = (part) => {
  const looks = [part.parentElement.className, part.className, part.style.overflow].join();
  if (!scrollers.has(looks)) {
    const style = getComputedStyle(part);
    scrollers.set(looks, SCROLLING.test(style.overflowX + style.overflowY));
  }
  return scrollers.get(looks);
};
const scrolls = (part) => {
  if (!mayScroll(part)) return false;
  const down = part.scrollHeight > part.clientHeight + 1;
  const across = part.scrollWidth > part.clientWidth + 1;
  if (!down && !across) return false;
  const style = getComputedStyle(part);
  return (down && SCROLLING.test(style.overflowY)) || (across && SCROLLING.test(style.overflowX));
};
const reach = (part) => {
  const kept = part.dataset.keelReached !== undefined;
  if (!scrolls(part)) {
    if (!kept) return;
    part.removeAttribute("tabindex"); // it fits again: no stop on the way through the page
    delete part.dataset.keelReached;
  } else if (!kept && part.tabIndex < 0 && (part.closest(BOX) || !part.querySelector(FOCUSABLE))) {
    part.tabIndex = 0;
    part.dataset.keelReached = "";
  }
};
// A place to drop files takes the focus, so it is a group with a name and not, as it came, presentational.
const name = (zone) => {
  zone.setAttribute("role", "group");
  zone.setAttribute("aria-label", "Drop files here");
};
// What makes a file disables its button for that long, and the focus falls out of the dialog, which Escape then misses.
const stay = () => {
  const dialog = document.querySelector('[role="dialog"]');
  if (!dialog || document.activeElement !== document.body) return;
  if (dialog.tabIndex < 0) dialog.tabIndex = -1;
  dialog.focus({ preventScroll: true });
};
// A chart takes its colours when it is drawn: a theme that is switched on an open page asks for it once more.
const dress = () => {
  const dark = isDark();
  if (window.keelDark !== dark) window.keelDressed("dark", dark);
  window.keelDark = dark;
};
// A part beside a chosen one has no edge there; where it begins or ends a row it has one.
const edges = () => {
  for (const group of document.querySelectorAll('[data-testid="stButtonGroup"]')) {
    const parts = [...group.querySelectorAll("button")];
    const tops = parts.map((part) => part.getBoundingClientRect().top);
    parts.forEach((part, n) => {
      const colour = getComputedStyle(part).borderTopColor;
      const left = n > 0 && tops[n] > tops[n - 1] + 4 ? colour : "";
      const right = n + 1 < parts.length && tops[n + 1] > tops[n] + 4 ? colour : "";
      if (part.style.borderLeftColor !== left) part.style.borderLeftColor = left;
      if (part.style.borderRightColor !== right) part.style.borderRightColor = right;
    });
  }
};
const answered = () => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === "notRunning";
const look = () => {
  stay();
  edges();
  dress();
  document.querySelectorAll('[data-testid="stFileUploaderDropzone"][role="presentation"]').forEach(name);
  for (const part of document.querySelectorAll(`${BOX}, ${BOX} div, [data-testid="stMain"] div`)) reach(part);
  document.querySelectorAll(ARRIVES).forEach(arrive);
  for (const box of document.querySelectorAll(BOX)) {
    enter(box);
    fit(box);
  }
};

// A date is typed in parts and counts when the focus leaves it: Enter leaves it, for the button of its calendar.
const commit = (event) => {
  const field = event.target.closest?.('[data-testid="stDateInputField"]');
  if (event.key !== "Enter" || !field || event.target.getAttribute("role") !== "spinbutton") return;
  event.preventDefault();
  (field.closest(BOX) ?? field.closest('[data-testid="stMain"]'))?.focus({ preventScroll: true });
  [...field.querySelectorAll("button")].at(-1)?.focus({ preventScroll: true });
};
// Streamlit pushes every change of the query; back should lead to the page before, not through a visit's settings.
const replaceOnPage = () => {
  const push = history.pushState.bind(history);
  history.pushState = (state, unused, url) => {
    const same = url && new URL(url, location.href).pathname === location.pathname;
    (same ? history.replaceState.bind(history) : push)(state, unused, url);
  };
};

export default function ({ data, setStateValue }) {
  document.documentElement.toggleAttribute("data-keel-presenting", data.presenting);
  window.keelDressed = setStateValue;
  window.keelDark ??= isDark();
  if (window.keelManners) return;
  window.keelManners = true;
  document.addEventListener("keydown", commit, true);
  replaceOnPage();
  const style = document.createElement("style");
  style.textContent = STYLE + PRINT;
  document.head.append(style);
  let due = 0;
  const soon = () => {
    clearTimeout(due);
    due = setTimeout(look, answered() ? ANSWERED : ANSWERING);
  };
  const drawn = { childList: true, subtree: true, attributeFilter: ["class", "style", "data-test-script-state"] };
  new MutationObserver(soon).observe(document.body, drawn);
  window.addEventListener("resize", () => {
    scrollers.clear();
    soon();
  });
  window.addEventListener("beforeprint", forPaper);
}
