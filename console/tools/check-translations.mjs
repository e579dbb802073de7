// Fails the build when a key is missing in one of the languages, or is too many.
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../src/i18n/', import.meta.url);

function keysOf(language) {
  const keys = new Set();
  const visit = (tree, prefix) => {
    for (const [key, value] of Object.entries(tree)) {
      if (typeof value === 'string') keys.add((prefix + key).replace(/_(one|other)$/, ''));
      else visit(value, `${prefix}${key}.`);
    }
  };
  for (const file of readdirSync(new URL(`${language}/`, folder))) {
    visit(JSON.parse(readFileSync(new URL(`${language}/${file}`, folder), 'utf8')), '');
  }
  return keys;
}

const vi = keysOf('vi');
const en = keysOf('en');
const missing = [
  ...[...vi].filter((key) => !en.has(key)).map((key) => `en: ${key}`),
  ...[...en].filter((key) => !vi.has(key)).map((key) => `vi: ${key}`),
];
if (missing.length > 0) {
  console.error(`Missing translations:\n  ${missing.join('\n  ')}`);
  process.exit(1);
}
