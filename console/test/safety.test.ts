// Rules of the house that a compiler does not see.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const home = join(__dirname, '..');
const linesMax = 500;

function files(folder: string): string[] {
  return readdirSync(join(home, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}
const sources = files('src').filter(
  (file) => /\.(tsx?|css|json)$/.test(file) && !file.endsWith('generated.ts'),
);
const code = sources.filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.'));
const read = (file: string) => readFileSync(join(home, file), 'utf8');

function hits(list: string[], pattern: RegExp): string[] {
  return list.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
}

describe('The sources', () => {
  it('never put markup together from strings, nor run text as code', () => {
    expect(
      hits(code, /dangerouslySetInnerHTML|\.(inner|outer)HTML|insertAdjacentHTML|document\.write/),
    ).toEqual([]);
    expect(hits(code, /\beval\(|new Function\(|setTimeout\(\s*['"`]|javascript:/)).toEqual([]);
  });
  it('hold no link whose target comes from data: <a href> is fixed, Link targets start with a path', () => {
    expect(hits(code, /href=\{/)).toEqual([]);
    // The way to a sign-in portal is the one that leads out, and it looks at the address first.
    const away = hits(code, /window\.open|location\.(href|assign|replace)\s*[=(]/);
    expect(away.filter((hit) => !hit.startsWith(join('src', 'pages', 'session', 'portal.ts')))).toEqual([]);
    const computed = hits(code, /<(?:Nav)?Link\b.*\bto=\{(?!`\/|verdictPath\(|entityAddress\(|to\})/);
    expect(computed).toEqual([]);
  });
  it('do not spread what came from the hub over elements', () => {
    expect(hits(code, /<[a-zA-Z]+[^>]*\{\.\.\.(event|row|fact|body|verdict|device|proof)\b/)).toEqual([]);
  });
  it('ask for passwords in fields of their kind, which password managers know, and keep nobody from pasting', () => {
    const fields = code.flatMap((file) => read(file).match(/<Input\.Password\b[^>]*>/gs) ?? []);
    expect(fields.length).toBeGreaterThanOrEqual(6);
    for (const field of fields) expect(field).toMatch(/autoComplete=.*(current|new)-password/);
    expect(hits(code, /onPaste|<Form\.Item name="(password|current|new)"[^>]*>\s*<Input\s/)).toEqual([]);
  });
  it('name no other host', () => {
    expect(hits(code, /https?:\/\/(?!localhost)/)).toEqual([]);
  });
  it(`are at most ${linesMax} lines each`, () => {
    const long = [...sources, ...files('mock'), ...files('test')].filter(
      (file) => read(file).split('\n').length > linesMax,
    );
    expect(long).toEqual([]);
  });
  it('load pages and parts of pages only together with their texts', () => {
    const bare = hits(code, /\blazy\b.*from 'react'/);
    expect(bare.filter((hit) => !hit.startsWith(join('src', 'i18n', 'parts.ts')))).toEqual([]);
    expect(hits(code, /^import (?!type).* from '.*i18n\/(vi|en)'/)).toEqual([]);
  });
  it('open no second EventSource', () => {
    expect(
      hits(code, /new EventSource/).filter((hit) => !hit.startsWith(join('src', 'api', 'stream.ts'))),
    ).toEqual([]);
  });
});

describe('The packages', () => {
  const lock = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { resolved?: string; engines?: { node?: string }; dev?: boolean }>;
  };
  it('are named without the place they came from', () => {
    expect(Object.entries(lock.packages).filter(([, entry]) => entry.resolved)).toEqual([]);
  });
  it('are pinned exactly', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
      string,
      Record<string, string>
    >;
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });
  it('run on Debian 12’s Node 18', () => {
    const refuse = Object.entries(lock.packages).filter(([, entry]) => {
      const node = entry.engines?.node;
      if (!node) return false;
      // Each alternative: its lowest major version, and whether it is open upward.
      return !node.split('||').some((part) => {
        const major = /(\d+)/.exec(part);
        if (!major || /\*/.test(part)) return true;
        const least = Number(major[1]);
        return part.includes('>') ? least <= 18 : least === 18;
      });
    });
    expect(refuse.map(([name, entry]) => `${name} ${entry.engines?.node}`)).toEqual([]);
  });
});

describe('The repository', () => {
  it('does not hold what is generated', () => {
    let listed = '';
    try {
      listed = execFileSync('git', ['ls-files', '.'], { cwd: home, encoding: 'utf8' });
    } catch {
      return; // A source archive has no git.
    }
    const held = listed.split('\n');
    expect(held.filter((file) => /generated\.ts$|^dist\/|^node_modules\//.test(relative('', file)))).toEqual(
      [],
    );
  });
});
