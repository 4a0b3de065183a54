// Controlled by Python: every edit is sent as one operation and the table is drawn from what comes back.
// Of two messages that wait for a server at work it reads the later one: each names every operation not known to be made.
// What must survive a redraw lives here, per instance: folded buckets, where a moved bucket will be, the row being dragged,
// the operations on their way.
const memory = new Map();
const COLUMNS = [
  ["target_weight", "Target %", "target"],
  ["min_weight", "Min %", "minimum"],
  ["max_weight", "Max %", "maximum"],
];
const SLOTS = 10;

export default function ({ data, parentElement, setTriggerValue, key }) {
  const own = memory.get(key) ?? { folded: new Set(), expect: null, drag: null, waiting: [] };
  memory.set(key, own);
  own.waiting = own.waiting.filter((op) => op.number > data.made);
  const place = parentElement.querySelector(".scroll");
  parentElement.querySelector(".placed").textContent = data.placed;
  const said = parentElement.querySelector(".said");
  const rows = new Map(data.rows.map((row) => [row.path, row]));
  const parts = new Map();
  const ofParent = data.weights !== "whole";
  for (const row of data.rows) parts.set(row.parent, [...(parts.get(row.parent) ?? []), row]);
  const hues = getComputedStyle(parentElement.querySelector(".frame")).getPropertyValue("--st-chart-categorical-colors").split(",");

  const send = (op, words) => {
    said.textContent = words ?? "";
    own.waiting.push({ ...op, number: Math.max(data.made, own.waiting.at(-1)?.number ?? 0) + 1 });
    setTriggerValue("ops", own.waiting);
  };
  const make = (tag, settings = {}, ...inside) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(settings)) {
      if (value === undefined || value === false) continue;
      if (name.startsWith("on")) node[name] = value;
      else node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...inside);
    return node;
  };
  const under = (path, above) => {
    for (let at = path; at; at = rows.get(at)?.parent) if (at === above) return true;
    return false;
  };
  const siblings = (row) => parts.get(row.parent) ?? [];
  const hidden = (row) => {
    for (let at = row.parent; at; at = rows.get(at)?.parent) if (own.folded.has(at)) return true;
    return false;
  };
  const fold = (row, shut) => {
    shut ? own.folded.add(row.path) : own.folded.delete(row.path);
    draw();
  };
  const move = (row, above, position, words) => {
    const path = row.path.split("/");
    own.expect = `${above || path[0]}/${path.at(-1)}`;
    send({ type: "move", path: row.path, above, position }, words);
  };

  // Keys on the grip: Alt with arrows moves the bucket, plain arrows walk; in a figure, arrows walk its column.
  const walk = (node, step) => {
    const name = node.dataset.name;
    const all = [...place.querySelectorAll(`[data-name="${name}"]`)];
    const next = all[all.indexOf(node) + step];
    if (next) next.focus();
    return Boolean(next);
  };
  // The focus of a bucket that goes passes to the one after it, else before it, else above.
  const remove = (row, set, at) => {
    own.expect = (set[at + 1] ?? set[at - 1] ?? rows.get(row.parent))?.path ?? null;
    send({ type: "remove", path: row.path }, `${row.label} removed`);
  };
  const gripKeys = (event, row) => {
    const set = siblings(row);
    const at = set.indexOf(row);
    const above = rows.get(row.parent);
    if (event.altKey && event.key === "ArrowUp" && at > 0) move(row, row.parent, at - 1, `${row.label} moved up`);
    else if (event.altKey && event.key === "ArrowDown" && at < set.length - 1) move(row, row.parent, at + 1, `${row.label} moved down`);
    else if (event.altKey && event.key === "ArrowRight" && at > 0) move(row, set[at - 1].path, null, `${row.label} moved into ${set[at - 1].label}`);
    else if (event.altKey && event.key === "ArrowLeft" && above) move(row, above.parent, siblings(above).indexOf(above) + 1, `${row.label} moved out of ${above.label}`);
    else if (!event.altKey && event.key === "ArrowUp") walk(event.target, -1);
    else if (!event.altKey && event.key === "ArrowDown") walk(event.target, 1);
    else if (event.key === "ArrowLeft" && parts.has(row.path)) fold(row, true);
    else if (event.key === "ArrowRight" && parts.has(row.path)) fold(row, false);
    else if (event.key === "Delete") remove(row, set, at);
    else if (event.key === "Insert") document.querySelector(".st-key-add-bucket button")?.click(); // the page has the form
    else if (!event.altKey || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
  };
  const commit = (node, words) => {
    if (own.drawing || node.value === node.defaultValue) return;
    send({ type: "write", path: node.dataset.path, field: node.dataset.name, text: node.value }, `${words} ${node.value}`);
  };
  const inputKeys = (event) => {
    const node = event.target;
    if (event.key === "Escape") {
      node.value = node.defaultValue;
      node.blur();
    } else if (event.key === "Enter" || event.key === "ArrowDown") {
      if (!walk(node, 1)) {
        node.blur(); // leaving it is what sends it
        node.focus();
      }
      event.preventDefault();
    } else if (event.key === "ArrowUp") {
      walk(node, -1);
      event.preventDefault();
    }
  };

  const field = (row, name, kind, words, placeholder) => {
    return make("input", {
      type: "text",
      class: kind,
      inputmode: kind === "figure" ? "decimal" : "text",
      autocomplete: "off",
      placeholder,
      readonly: row.locked && name === "target_weight",
      "aria-label": words,
      "data-name": name,
      "data-path": row.path,
      value: row[name],
      onfocus: (event) => event.target.select(),
      onkeydown: inputKeys,
      onblur: (event) => commit(event.target, words),
    });
  };
  const drop = (row, line) => {
    const zone = (event) => {
      const box = line.getBoundingClientRect();
      const part = (event.clientY - box.top) / box.height;
      return part < 0.28 ? "before" : part > 0.72 ? "after" : "into";
    };
    const clear = () => line.classList.remove("before", "after", "into");
    line.ondragover = (event) => {
      if (!own.drag || under(row.path, own.drag)) return;
      event.preventDefault();
      clear();
      line.classList.add(zone(event));
    };
    line.ondragleave = clear;
    line.ondrop = (event) => {
      event.preventDefault();
      clear();
      const moved = rows.get(own.drag);
      own.drag = null;
      if (!moved || under(row.path, moved.path)) return;
      const where = zone(event);
      if (where === "into") return move(moved, row.path, null, `${moved.label} moved into ${row.label}`);
      const set = siblings(row).filter((other) => other !== moved);
      move(moved, row.parent, set.indexOf(row) + (where === "after" ? 1 : 0), `${moved.label} moved`);
    };
  };
  const nameCell = (row) => {
    const shut = own.folded.has(row.path);
    const inner = parts.has(row.path);
    const chip = make("span", { class: "chip", "aria-hidden": "true" });
    chip.style.background = hues.length >= SLOTS ? hues[row.slot].trim() : "var(--st-primary-color)";
    const box = make(
      "div",
      { class: "name" },
      make("button", {
        class: "grip", type: "button", draggable: "true", "data-name": "grip", "data-path": row.path,
        "aria-label": `Move ${row.label}`, title: "Drag to move. Keys: Alt and arrows move, Delete removes",
        onkeydown: (event) => gripKeys(event, row),
        ondragstart: (event) => { own.drag = row.path; event.dataTransfer.setData("text/plain", row.label); event.dataTransfer.effectAllowed = "move"; },
        ondragend: () => { own.drag = null; },
      }, "⠿"),
      make("button", {
        class: "fold", type: "button", tabindex: inner ? undefined : "-1", "data-name": "fold", "data-path": row.path,
        "aria-label": `${shut ? "Show" : "Hide"} the parts of ${row.label}`, "aria-expanded": inner ? String(!shut) : undefined,
        onclick: () => fold(row, !shut),
      }, shut ? "▸" : "▾"),
      chip,
      field(row, "label", "label", `Name of ${row.label}`),
    );
    box.style.paddingInlineStart = `${(row.level - 1) * 1.1}rem`;
    return make("td", {}, box, ...contents(row));
  };
  // What a leaf holds, guessed from its name or chosen: a chip that opens the choices.
  const contents = (row) => {
    if (row.contents === null) return [];
    const words = row.contents || "What is in it?";
    const chip = make("button", {
      type: "button", class: row.contents ? "contents" : "contents asked", "data-name": "contents", "data-path": row.path,
      "aria-label": row.contents ? `${row.label} holds ${words}: change` : `Say what is in ${row.label}`, title: "Change what is in it",
      onclick: () => send({ type: "open", path: row.path }),
    }, words);
    chip.style.marginInlineStart = `calc(${(row.level - 1) * 1.1}rem + 4rem)`;
    return [chip];
  };
  const line = (row) => {
    const inner = parts.has(row.path);
    const cells = COLUMNS.map(([name, , words]) => {
      const cell = make("td", {}, field(row, name, "figure", `${row.label} ${words}, percent of the ${data.weights}`, "–"));
      if (name === "target_weight" && row.amiss) cell.append(make("span", { class: "amiss" }, row.amiss));
      if (name === "target_weight" && row.locked) cell.append(make("span", { class: "locked" }, "locked"));
      return cell;
    });
    const node = make(
      "tr",
      { class: inner ? "inner" : "leaf" },
      nameCell(row),
      ...cells,
      make("td", { class: "band" }, row.band || (inner ? "" : "–")),
      make("td", {}, make("button", {
        type: "button", "data-name": "open", "data-path": row.path, "aria-label": `Open ${row.label}: rules, band, products`,
        title: "Rules, band, products", onclick: () => send({ type: "open", path: row.path }),
      }, "⋯")),
    );
    drop(row, node);
    return node;
  };
  const draw = () => {
    const active = parentElement.activeElement ?? parentElement.getRootNode().activeElement;
    const moved = own.expect && rows.has(own.expect);
    const held = moved ? { path: own.expect, name: "grip" } : { ...active?.dataset };
    // What somebody is typing outlives a redraw that an earlier edit caused.
    const typed = !moved && active?.tagName === "INPUT" && active.value !== active.defaultValue ? active.value : null;
    const at = typed === null ? null : active.selectionStart;
    own.expect = null;
    const head = make("tr", {}, make("th", { scope: "col" }, "Bucket"),
      ...COLUMNS.map(([name, title]) => make("th", { scope: "col" }, ofParent && name === "target_weight" ? `${title} of parent` : title)),
      make("th", { scope: "col" }, "Band"), make("th", { scope: "col" }, make("span", { class: "said" }, "More")));
    const shown = data.rows.filter((row) => !hidden(row));
    const table = make("table", { "aria-label": "Buckets with target, minimum, maximum and band" },
      make("thead", {}, head), make("tbody", {}, ...shown.map(line)));
    own.drawing = true;
    place.replaceChildren(table);
    own.drawing = false;
    if (held?.path) {
      const again = [...place.querySelectorAll(`[data-name="${held.name}"]`)].find((node) => node.dataset.path === held.path);
      again?.focus({ preventScroll: true });
      if (again && typed !== null) {
        again.value = typed;
        again.setSelectionRange(at, at);
      }
    }
  };
  // While nothing is typed yet, undo means the tree's own.
  place.onkeydown = (event) => {
    if (!(event.ctrlKey || event.metaKey)) return;
    const typing = event.target.tagName === "INPUT" && event.target.value !== event.target.defaultValue;
    const word = { z: event.shiftKey ? "redo" : "undo", y: "redo" }[event.key.toLowerCase()];
    if (!word || typing) return;
    event.preventDefault();
    send({ type: word }, word === "undo" ? "Undone" : "Redone");
  };
  draw();
}
