// Owns THIRD-PARTY-NOTICES: every package that runs in production or is built into the page, with its licence, as installed.
// Run `node notices.mjs` after a change of dependencies; with --check it writes nothing and exits 1 when the file is old.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const file = at('THIRD-PARTY-NOTICES');
const { packages } = JSON.parse(readFileSync(at('package-lock.json'), 'utf8'));

/** Only built into the demo's page, so npm calls them development packages. */
const inThePage = ['preact', 'marked', '@fontsource/noto-sans-sc', '@visactor/vchart'];
/** What those packages would need to draw on a server: no part of the page. */
const notInThePage = ['@resvg/resvg-js'];
/** Says nothing in its package.json: https://github.com/substack/node-buffers (the author's packages are MIT/X11). */
const unsaid = { buffers: 'MIT/X11' };

/** Where Node would look for `name`: beside the package that asks, then outwards. */
function placeOf(from, name) {
  const parts = from === '' ? [] : from.split('/node_modules/');
  for (let n = parts.length; n > 0; n -= 1) {
    const place = `${parts.slice(0, n).join('/node_modules/')}/node_modules/${name}`;
    if (packages[place]) return place;
  }
  return packages[`node_modules/${name}`] ? `node_modules/${name}` : null;
}

/** Places of everything that `names` need, themselves included. */
function reached(names) {
  const found = new Set();
  const visit = (from, name) => {
    const place = placeOf(from, name);
    if (place === null || found.has(place) || notInThePage.includes(name)) return;
    found.add(place);
    const { dependencies = {}, optionalDependencies = {} } = packages[place];
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) visit(place, next);
  };
  for (const name of names) visit('', name);
  return found;
}

/** The licence text as installed, its copyright lines apart, so that the same licence is printed once. */
function licenceOf(place) {
  const entry = packages[place];
  const name = place.split('node_modules/').at(-1);
  const own = {
    name,
    version: entry.version,
    licence: entry.license ?? unsaid[name] ?? 'UNKNOWN',
    copyright: [],
    text: '',
  };
  if (entry.os || entry.cpu || !existsSync(at(place))) return own; // a package of one platform: not installed everywhere
  const texts = readdirSync(at(place)).filter((f) => /^(licen[cs]e|notice|copying)/i.test(f));
  const lines = texts.sort().flatMap((f) => readFileSync(at(`${place}/${f}`), 'utf8').split(/\r?\n/));
  const isCopyright = (line) => /^\W*(copyright\b|\(c\)\s*\d{4}|©)/i.test(line) && /\d{4}|©|\(c\)\s/i.test(line);
  const { author } = JSON.parse(readFileSync(at(`${place}/package.json`), 'utf8'));
  const by = typeof author === 'string' ? author : author?.name;
  const copyright = [...new Set(lines.filter(isCopyright).map((line) => line.replace(/^\W*(?=\w|©|\()/, '').trim()))];
  const text = lines.filter((line) => !isCopyright(line)).join('\n');
  return { ...own, copyright: copyright.length > 0 || !by ? copyright : [`Author: ${by}`], text: tidy(text) };
}

const tidy = (text) =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
/** Texts that differ in line breaks and case only are the same text. */
const gist = (text) =>
  text
    .replace(/[\W_]+/g, ' ')
    .trim()
    .toLowerCase();

function notices() {
  const own = packages[''];
  const places = [...reached([...Object.keys(own.dependencies), ...inThePage])];
  const listed = new Map();
  for (const one of places.map(licenceOf)) listed.set(`${one.name} ${one.version}`, one);
  const all = [...listed.values()].sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
  const texts = new Map();
  for (const one of all) if (one.text !== '' && !texts.has(gist(one.text))) texts.set(gist(one.text), texts.size + 1);
  const rows = all.map((one) => {
    const number = one.text === '' ? '' : `, text ${texts.get(gist(one.text))}`;
    return [`${one.name} ${one.version} (${one.licence}${number})`, ...one.copyright.map((c) => `    ${c}`)].join('\n');
  });
  const printed = [...texts].map(([key, n]) => {
    const { text } = all.find((one) => gist(one.text) === key);
    return `──────── text ${n} ────────\n\n${text}`;
  });
  const head = `Lookback uses the software listed here. Each package belongs to its authors and comes under its own licence, whose
text stands below under its number. Packages without a number carry no text of their own; their licence is named.`;
  return `${head}\n\n${rows.join('\n')}\n\n${printed.join('\n\n')}\n`;
}

const now = notices();
if (process.argv.includes('--check')) {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (before !== now) {
    process.stderr.write('THIRD-PARTY-NOTICES is not what is installed: run node notices.mjs\n');
    process.exitCode = 1;
  }
} else writeFileSync(file, now);
