// Owns the completeness of package-lock.json: every package that exists once per platform has an entry for each platform.
// npm leaves out those it could not look up when it wrote the file, and `npm ci` then refuses the whole file elsewhere.
// Run `node lockfile.mjs` after a change of dependencies; with --check it writes nothing and exits 1 when one is missing.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('package-lock.json', import.meta.url));
const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/** Entries that are missing, by their place in the file. A version range is no platform package and is left alone. */
function missing(packages) {
  const found = {};
  for (const [place, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const platform = platformOf(name);
      if (!platform || !/^\d/.test(version) || isThere(packages, place, name)) continue;
      found[`node_modules/${name}`] = { version, ...(entry.dev && { dev: true }), optional: true, ...platform };
    }
  }
  return found;
}

/** Where Node would look: beside the package that asks, then outwards. */
function isThere(packages, place, name) {
  const parts = place === '' ? [] : place.split('/node_modules/');
  for (let n = parts.length; n > 0; n -= 1) {
    if (packages[`${parts.slice(0, n).join('/node_modules/')}/node_modules/${name}`]) return true;
  }
  return packages[`node_modules/${name}`] !== undefined;
}

function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  if (!os || !cpu) return null;
  const libc = os !== 'linux' ? undefined : words.some((w) => w.startsWith('musl')) ? ['musl'] : ['glibc'];
  return { os: [os], cpu: [cpu], ...(libc && { libc }) };
}

const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = missing(lock.packages);
const names = Object.keys(added);
if (process.argv.includes('--check')) {
  if (names.length > 0) {
    process.stderr.write(`package-lock.json lacks ${names.join(', ')}: run node lockfile.mjs\n`);
    process.exitCode = 1;
  }
} else if (names.length > 0) {
  const [own, ...others] = Object.entries({ ...lock.packages, ...added });
  others.sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries([own, ...others]) }, null, 2)}\n`);
  process.stderr.write(`added ${names.length}\n`);
}
