// Reads vCards from standard input as Nextcloud does (ical.js) and by vcf; writes what each found as JSON.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import vCard from "vcf";

const NAMES = ["uid", "fn", "n", "tel", "note"];
const text = readFileSync(0, "utf8");
const found = value => NAMES.map(name => [name, value(name)]);
const parsed = ICAL.parse(text);
const cards = (Array.isArray(parsed[0]) ? parsed : [parsed]).map(card => new ICAL.Component(card));
console.log(JSON.stringify({
  "ical.js": cards.map(card => Object.fromEntries(found(name => card.getFirstPropertyValue(name)))),
  vcf: vCard.parse(text).map(card => Object.fromEntries(found(name => card.get(name).valueOf()))),
}));
