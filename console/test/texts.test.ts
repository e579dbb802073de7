// Goal: every source has the texts whose keys it names with it, and no page carries texts that it does not speak.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { partsOf, readParts } from '../tools/texts';

describe('The parts of a source', () => {
  const parts = readParts();

  it('are those whose keys it names, and no others', () => {
    const code = "t('nav.home'); t('exception_takes_two'); t(`wifi_security.$" + '{kind}`);';
    expect(partsOf(code, parts)).toEqual(['bench', 'common', 'inventory']);
    // A field of a log line is no key, whatever it is called.
    expect(partsOf("const field = 'source.ip'; import x from './nav.home.css';", parts)).toEqual([]);
  });

  it('hold every key that it asks for', () => {
    const visit = (folder: string): string[] =>
      readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return visit(path);
        return /\.tsx?$/.test(entry.name) && !/\.test\.|generated/.test(entry.name) ? [path] : [];
      });
    const lost = visit(join(__dirname, '..', 'src')).flatMap((file) => {
      const code = readFileSync(file, 'utf8');
      const here = new Set(partsOf(code, parts).flatMap((name) => Object.keys(parts.get(name) ?? {})));
      const asked = [...code.matchAll(/\bt\(\s*['"`]([a-z_]+)[.'"`]/g)].map((match) => match[1] as string);
      return asked.filter((top) => !here.has(top)).map((top) => `${file}: ${top}`);
    });
    expect(lost).toEqual([]);
  });
});
