// Holds the built files to what docs/adr/0081 and the design promise: the first page small, no inline script, no eval, no
// foreign host, nothing but the fonts that are needed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const firstPageMax = 350 * 1024;
const firstPages = [
  ['src/pages/session/SignInPage.tsx'],
  ['src/pages/home/OfficerHome.tsx', 'src/pages/home/HomePage.tsx', 'src/app/Shell.tsx'],
  ['src/pages/home/LeaderHome.tsx', 'src/pages/home/HomePage.tsx', 'src/app/Shell.tsx'],
  ['src/pages/home/StaffHome.tsx', 'src/pages/home/HomePage.tsx', 'src/app/Shell.tsx'],
];

const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'));
const faults = [];

// A file with everything it imports at once; what it imports when asked is not counted.
function closure(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const next of manifest[name].imports ?? []) closure(next, seen);
  return seen;
}
function weight(files) {
  return [...files].reduce(
    (sum, file) => sum + gzipSync(readFileSync(join(dist, file)), { level: 9 }).length,
    0,
  );
}

for (const parts of firstPages) {
  const page = parts[0];
  const names = new Set([...closure('index.html'), ...parts.flatMap((part) => [...closure(part)])]);
  const files = new Set([...names].flatMap((name) => [manifest[name].file, ...(manifest[name].css ?? [])]));
  const bytes = weight(files);
  console.log(`${page}: ${(bytes / 1024).toFixed(1)} KiB gzip in ${files.size} files`);
  if (bytes > firstPageMax) faults.push(`${page} weighs ${bytes} bytes, more than ${firstPageMax}`);
}

const html = readFileSync(join(dist, 'index.html'), 'utf8');
for (const [tag, attributes] of html.matchAll(/<script\b([^>]*)>/g)) {
  if (!/\bsrc="\/assets\//.test(attributes)) faults.push(`inline or foreign script: ${tag}`);
}
if (/\son\w+=|style=/.test(html)) faults.push('an inline handler or style in index.html');

const assets = readdirSync(join(dist, 'assets'));
for (const file of assets.filter((name) => name.endsWith('.js'))) {
  const text = readFileSync(join(dist, 'assets', file), 'utf8');
  if (/\beval\(|\bnew Function\(/.test(text)) faults.push(`${file} runs text as code`);
}
for (const file of assets.filter((name) => name.endsWith('.css'))) {
  const text = readFileSync(join(dist, 'assets', file), 'utf8');
  if (/url\(["']?(https?:|\/\/|data:)/.test(text))
    faults.push(`${file} asks for something that the policy refuses`);
}
const fonts = assets.filter((name) => /\.woff2?$/.test(name));
if (fonts.length !== 6 || fonts.some((name) => !/be-vietnam-pro-(latin|vietnamese)-/.test(name))) {
  faults.push(`fonts: ${fonts.join(', ')}`);
}

if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
