"use strict";

// The page's only script. The complete list stands in <noscript>; here it is read from there, searched as the
// bot searches, and shown in pieces, so that a key answers at once with 10,000 people.
const CHUNK = 40, OPEN_MINUTES = 60, OLD_HOURS = 24;
const $ = id => document.getElementById(id);
const list = $("list"), body = list.tBodies[0], find = $("find"), team = $("team"), more = $("more");
const phone = list.dataset.phone, opened = Date.now();
const number = new Intl.NumberFormat("en");

// ---- Folding, by the table that the bot wrote: `e éèê...` a line, behind a tab what umlauts are spelt as.
const plain = new Map(), spelt = new Map();
for (const line of $("folds").content.textContent.split("\n")) {
  const table = line[0] === "\t" ? spelt : plain, cut = line.indexOf(" ");
  const spelling = line.slice(table === spelt ? 1 : 0, cut).replaceAll("_", " ");
  for (const character of line.slice(cut + 1)) table.set(character, spelling);
}
const lower = text => text.normalize("NFC").toLowerCase();
const folded = (text, first) =>
  text.replace(/[^\x00-\x7f]/gu, character => first?.get(character) ?? plain.get(character) ?? character);
const fold = text => folded(lower(text)).trim();
const BETWEEN = /[\s,;/&+:"()[\]{}<>|]+/, MARKS = /[\x00-\x7f]/g, PIECE = /[a-z0-9\u0080-\uffff]+/g;
const pieces = word => word.match(PIECE) ?? [];
const wordsOf = text => text.split(BETWEEN).flatMap(word => [...pieces(word), pieces(word).join("")]);

// ---- The list
class Row {
  constructor(line, place) {
    [this.name, this.number, this.team, this.username] = [...line.cells].map(cell => cell.textContent.trim());
    this.place = place;
    this.reserved = line.className === "r";
    this.queue = line.className === "q";
    this.left = line.className === "l";
    const [first, last = first] = this.number.split("–").map(Number);
    this.count = last - first + 1;
    this.card = line.dataset.i;
    this.family = line.dataset.f ?? this.name.split(" ").pop();
    this.given = line.dataset.s;
  }
  get text() {
    const name = this.given ?? wordsOf(lower(`${this.name} ${this.team} ${this.username}`)).join(" ");
    const value = ` ${this.number} ${name}${this.reserved ? " reserved" : ""}`;
    Object.defineProperty(this, "text", { value });
    return value;
  }
  key(column) {
    if (column === 0) return "";
    if (column === 1) return this.number;
    return fold(column === 2 ? this.team : this.username) || "\uffff";
  }
}
const complete = new DOMParser().parseFromString(document.querySelector("main > noscript").textContent, "text/html");
const rows = [...complete.querySelectorAll("tbody tr")].filter(line => line.cells.length > 1)
  .map((line, place) => new Row(line, place));

// ---- Search: every word begins a word of the line, or else stands anywhere in it
function readings(query) {
  const typed = lower(query).replace(/(^|[\s#])(?:x|ext\.?|extension|no\.?|number)[\s:#]*(?=\d)/g, "$1");
  return [...new Set([folded(typed), folded(typed, spelt)])].map(text =>
    text.split(BETWEEN).map(word => [pieces(word).join(""), pieces(word)]).filter(([joined]) => joined));
}
function matching(query) {
  const all = readings(query).filter(words => words.length);
  if (!all.length) return rows;
  for (const before of [" ", ""]) {
    const holds = (row, [joined, parts]) =>
      row.text.includes(before + joined) || parts.every(part => row.text.includes(before + part));
    const found = rows.filter(row => all.some(words => words.every(word => holds(row, word))));
    if (found.length) return found;
  }
  return [];
}

// ---- What is shown
let shown = [], drawn = 0, column = 0, down = false, letter = "";
const orders = new Map(), letters = document.querySelectorAll("[data-letter]");
function order(by) {
  if (!orders.has(by)) {
    const keys = new Map(rows.map(row => [row, row.key(by)]));
    const sorted = [...rows].sort((a, b) => {
      const [one, other] = [keys.get(a), keys.get(b)];
      return one < other ? -1 : one > other ? 1 : a.place - b.place;
    });
    orders.set(by, new Map(sorted.map((row, at) => [row, at])));
  }
  return orders.get(by);
}
function show() {
  const wanted = team.value;
  const found = matching(find.value).filter(row => !wanted || (wanted === "\n" ? row.reserved : row.team === wanted));
  shown = letter ? found.filter(row => letterOf(row) === letter) : found;
  dim(new Set(found.map(letterOf)));
  if (column || down) {
    const places = order(column), sign = down ? -1 : 1;
    shown = [...shown].sort((a, b) => sign * (places.get(a) - places.get(b)));
  }
  drawn = 0;
  body.replaceChildren();
  list.setAttribute("aria-rowcount", shown.length + 1);
  draw(CHUNK);
  said();
}
const letterOf = row => row.letter ??= /^[a-z]/.test(firstOf(row)) ? firstOf(row)[0] : "#";
const firstOf = row => fold(row.name);
function dim(leading) {
  for (const button of letters) button.disabled = button.dataset.letter !== letter && !leading.has(button.dataset.letter);
}
function draw(count) {
  const part = document.createDocumentFragment();
  for (const row of shown.slice(drawn, drawn + count)) part.append(line(row, ++drawn));
  body.append(part);
  more.hidden = drawn >= shown.length;
  more.textContent = `Show more (${number.format(shown.length - drawn)} left)`;
}
const pattern = $("row").content.firstElementChild;
function line(row, place) {
  const made = pattern.cloneNode(true), [name, digits, group, username, card] = made.cells;
  made.setAttribute("aria-rowindex", place + 1);
  made.row = row;
  name.textContent = row.name;
  group.textContent = row.team;
  username.textContent = row.username;
  const [copy, call] = digits.children;
  copy.textContent = row.number;
  copy.setAttribute("aria-label", `Copy ${row.number}, ${row.name}`);
  if (row.left) made.className = "l";
  if (row.reserved) {
    made.className = "r";
    group.textContent = "Reserved";
    card.replaceChildren();
  } else {
    card.firstChild.setAttribute("aria-label", `Save a vCard of ${row.name}`);
  }
  if (!phone || row.reserved) call.remove();
  else {
    call.href = `tel:${phone},,${row.number}`;
    call.setAttribute("aria-label", `Call ${row.name}`);
  }
  return made;
}
function said() {
  const teams = shown.filter(row => row.queue).length, people = shown.filter(row => !row.reserved).length - teams, kept = shown.reduce((sum, row) => sum + (row.reserved ? row.count : 0), 0);
  const parts = [];
  if (people || !(kept + teams)) parts.push(`${number.format(people)} ${people === 1 ? "person" : "people"}`);
  if (teams) parts.push(`${number.format(teams)} ${teams === 1 ? "team" : "teams"}`);
  if (kept) parts.push(`${number.format(kept)} reserved`);
  const narrowed = find.value.trim() || team.value || letter;
  $("count").textContent = shown.length ? parts.join(" · ")
    : !rows.length ? "Nobody has an extension yet."
    : narrowed ? `Nothing fits${find.value.trim() ? ` “${find.value.trim()}”` : ""}. Fewer letters find more.` : "";
}

// ---- Controls
function press(sought, value, scope) {
  for (const button of scope) button.setAttribute("aria-pressed", String(button.dataset[sought] === value));
}
function typed() {
  const hash = find.value.trim() ? `#q=${encodeURIComponent(find.value.trim())}` : " ";
  history.replaceState(null, "", hash === " " ? location.pathname + location.search : hash);
  show();
}
document.querySelector(".letters").addEventListener("click", event => {
  const { letter: chosen } = event.target.dataset;
  if (!chosen) return;
  letter = letter === chosen ? "" : chosen;
  press("letter", letter, letters);
  show();
});
list.tHead.addEventListener("click", event => {
  const button = event.target.closest("button");
  if (!button) return;
  const chosen = Number(button.dataset.column);
  down = chosen === column && !down;
  column = chosen;
  for (const head of list.tHead.rows[0].cells) if (head.hasAttribute("aria-sort")) head.setAttribute("aria-sort", "none");
  button.parentNode.setAttribute("aria-sort", down ? "descending" : "ascending");
  show();
});
find.addEventListener("input", typed);
team.addEventListener("change", show);
find.form.addEventListener("submit", event => event.preventDefault());
more.addEventListener("click", () => draw(CHUNK));
new IntersectionObserver(seen => seen.some(each => each.isIntersecting) && draw(CHUNK), { rootMargin: "800px" })
  .observe(more);
addEventListener("beforeprint", () => draw(Infinity));
$("print").addEventListener("click", () => print());
document.addEventListener("keydown", event => {
  const typing = event.target.closest("input, select, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    find.select();
  }
  if (event.key === "Escape" && (find.value || letter || team.value)) {
    find.value = team.value = letter = "";
    press("letter", "", letters);
    typed();
    find.focus();
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event, event.key === "ArrowDown" ? 1 : -1);
});
function step(event, by) {
  const from = event.target.closest("tbody tr");
  if (!from && event.target !== find) return;
  const next = from ? (by > 0 ? from.nextElementSibling : from.previousElementSibling) : by > 0 && body.rows[0];
  if (!next && from && by > 0) return;
  event.preventDefault();
  (next?.querySelector?.("button") ?? find).focus();
}

// ---- Copy, and files
let hiding;
function tell(text) {
  $("said").textContent = text;
  clearTimeout(hiding);
  hiding = setTimeout(() => ($("said").textContent = ""), 2500);
}
body.addEventListener("click", async event => {
  const button = event.target.closest("button");
  if (!button) return;
  const { row } = button.closest("tr");
  if (button.className === "card") return save(`${row.name}.vcf`, "text/vcard", cardOf(row));
  try {
    await navigator.clipboard.writeText(row.number);
    tell(`${row.number} copied`);
  } catch {
    getSelection().selectAllChildren(button);
    tell(`${row.number} is marked: copy it with your keyboard`);
  }
});
function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
const people = () => shown.filter(row => !row.reserved);
const login = row => row.username || row.name;
// The same rules as in the files that the bot writes.
const SIGN = "[=+\\-@＝＋－＠﹦﹢﹣﹫]", WORD = "[\\p{L}\\p{N}_]";
const FORMULA = new RegExp(`(?<!${WORD}|'|${SIGN})(?!(?<=${WORD}\\s)${SIGN}\\s)(?=${SIGN})`, "gu");
const harmless = text => text.replace(FORMULA, "'");
const quoted = text => `"${text.replaceAll('"', '""')}"`;
const older = text => (/^[A-Za-z0-9@._-]+$/.test(text) ? text : quoted(text));
function csvOf(some) {
  const lines = some.map(row => {
    const [user, ...others] = [login(row), row.username && row.name, row.team].map(harmless);
    return [older(user), row.number, ...others.map(quoted)];
  });
  return [["user", "extension", "name", "team"], ...lines].map(cells => `${cells.join(",")}\r\n`).join("");
}
const escaped = text => text.replace(/([\\,;])/g, "\\$1");
function cardOf(row) {
  const given = row.name.slice(0, row.name.length - row.family.length).trim();
  return ["BEGIN:VCARD", "VERSION:3.0", `UID:connect-extensions-${escaped(row.card)}`, `FN:${escaped(row.name)}`,
    `N:${escaped(row.family)};${escaped(given)};;;`, row.team && `CATEGORIES:${escaped(row.team)}`,
    `TEL;TYPE=WORK,VOICE:${phone || row.number}`,
    `NOTE:${escaped(`Extension ${row.number} (${login(row)})`)}`,
    `REV:${list.dataset.at}`, "END:VCARD"]
    .filter(Boolean).map(text => `${wrapped(text)}\r\n`).join("");
}
function wrapped(text) {
  let out = "", size = 0;
  for (const character of text) {
    const width = new Blob([character]).size;
    if (size + width > 75) [out, size] = [`${out}\r\n `, 1];
    [out, size] = [out + character, size + width];
  }
  return out;
}
$("csv").addEventListener("click", () => save("extensions.csv", "text/csv", csvOf(people())));
$("vcf").addEventListener("click", () => save("extensions.vcf", "text/vcard", people().map(cardOf).join("")));

// ---- Times in the reader's zone, and the page's age
const local = moment => new Intl.DateTimeFormat(undefined, {
  year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
}).format(moment);
for (const time of document.querySelectorAll("time")) time.textContent = local(new Date(time.dateTime));
function age() {
  const minutes = (Date.now() - opened) / 60000, made = new Date(list.dataset.at);
  const renew = "In Slack, /ext directory gives a new link.";
  $("old").textContent =
    minutes >= OPEN_MINUTES ? `This page has been open since ${local(opened)}, and numbers may have changed. ${renew}`
    : Date.now() - made > OLD_HOURS * 3600000 ? `This list was written ${local(made)}. ${renew}` : "";
}
age();
setInterval(age, 60000);
document.addEventListener("visibilitychange", age);

// ---- Start
const teams = [...new Set(rows.map(row => row.team).filter(Boolean))];
for (const name of teams.sort((a, b) => (fold(a) < fold(b) ? -1 : 1))) team.append(new Option(name, name));
if (rows.some(row => row.reserved)) team.append(new Option("Reserved numbers", "\n"));
team.hidden = team.length < 2;
function asked() {
  const from = text => new URLSearchParams(text.slice(1)).get("q");
  const query = from(location.hash) ?? from(location.search);
  if (query !== null && query !== find.value) find.value = query;
  show();
}
addEventListener("hashchange", asked);
asked();
if (matchMedia("(hover: hover)").matches) find.focus({ preventScroll: true });
// The words of all lines, before the first key needs them.
setTimeout(function warm(at = 0) {
  for (const row of rows.slice(at, at + 1000)) void row.text;
  if (at + 1000 < rows.length) setTimeout(warm, 0, at + 1000);
});
