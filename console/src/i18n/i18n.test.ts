// Goal: nothing is missing in either language, and every key that the sources ask for exists.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from './en';
import { vi } from './vi';

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const name = prefix ? `${prefix}.${key}` : key;
    if (typeof value === 'string') out.set(name, value);
    else for (const [inner, text] of flat(value, name)) out.set(inner, text);
  }
  return out;
}

const vietnamese = flat(vi);
const english = flat(en);
const plural = /_(one|other)$/;
const stem = (key: string) => key.replace(plural, '');
const holes = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort().join();

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.|generated/.test(entry.name) ? [path] : [];
  });
}

describe('The two languages', () => {
  it('have the same keys', () => {
    const keys = (map: Map<string, string>) => [...new Set([...map.keys()].map(stem))].sort();
    expect(keys(english)).toEqual(keys(vietnamese));
  });
  it('fill the same holes', () => {
    const differ = [...english].filter(
      ([key, text]) =>
        holes(text) !== holes(vietnamese.get(key) ?? vietnamese.get(`${stem(key)}_other`) ?? ''),
    );
    expect(differ).toEqual([]);
  });
  it('use the plural forms that each has: Vietnamese one, English two', () => {
    expect([...vietnamese.keys()].filter((key) => key.endsWith('_one'))).toEqual([]);
    const one = [...english.keys()].filter((key) => key.endsWith('_one')).map(stem);
    const other = [...english.keys()]
      .filter((key) => key.endsWith('_other') && !key.endsWith('.other'))
      .map(stem);
    expect(one.sort()).toEqual(other.sort());
  });
  it('are composed (NFC) and without stray spaces', () => {
    for (const map of [vietnamese, english]) {
      for (const [key, text] of map) {
        expect(text, key).toBe(text.normalize('NFC'));
        expect(text, key).toBe(text.trim());
        expect(text, key).not.toBe('');
      }
    }
  });
});

describe('The sources', () => {
  const files = sources(join(__dirname, '..'));
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  it('ask only for keys that exist', () => {
    const asked = [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] as string);
    const known = new Set(
      [...vietnamese.keys()].flatMap((key) => [key, stem(key), key.replace(/_[a-z]+$/, '')]),
    );
    expect(asked.filter((key) => !known.has(key))).toEqual([]);
    expect(asked.length).toBeGreaterThan(200);
  });
  it('use every key there is', () => {
    const literal = new Set([...text.matchAll(/'([a-z_]+(?:\.[\w-]+)*)'/g)].map((match) => match[1]));
    const families = [...text.matchAll(/`([a-z_]+(?:\.[a-z_]+)*[._])\$\{/g)].map(
      (match) => match[1] as string,
    );
    const unused = [...vietnamese.keys()].filter(
      (key) =>
        !literal.has(key) &&
        !literal.has(stem(key)) &&
        !literal.has(key.replace(/_[a-z]+$/, '')) &&
        !families.some((family) => key.startsWith(family)),
    );
    expect(unused).toEqual([]);
  });
  it('say nothing to people in their own words', () => {
    // Vietnamese letters in a source outside comments and the language files would be text that English never gets.
    const spoken = files
      .filter((file) => !file.includes('i18n') && !/(client|format)\.ts$/.test(file))
      .flatMap((file) =>
        readFileSync(file, 'utf8')
          .split('\n')
          .map((line) => line.replace(/\/\/.*$|\/\*.*\*\//, ''))
          .filter((line) =>
            /[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i.test(line.replaceAll('Lũy', '')),
          )
          .map((line) => `${file}: ${line.trim()}`),
      );
    expect(spoken).toEqual([]);
  });
});
