// Texts travel with the pages that speak them. Each file of src/i18n/vi is a part; every source that names a key of a part is
// made to import it, so the bundler lays the part beside the pages that need it and a page cannot be drawn before its texts
// are there. What a key is, is read as i18n.test.ts reads it: a literal, or the fixed beginning of a template.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

type Tree = { [key: string]: string | Tree };

const src = fileURLToPath(new URL('../src', import.meta.url));
const texts = join(src, 'i18n');
const prefix = 'luy-texts:';

export function readParts(): Map<string, Tree> {
  return new Map(
    readdirSync(join(texts, 'vi')).map((file) => [
      file.replace(/\.json$/, ''),
      JSON.parse(readFileSync(join(texts, 'vi', file), 'utf8')) as Tree,
    ]),
  );
}

// Whether some key of the part begins so; `whole`: or is this one, in any of its plural forms.
function speaks(part: Tree, words: string[], whole: boolean): boolean {
  const [first = '', ...rest] = words;
  const found = Object.hasOwn(part, first) ? part[first] : undefined;
  if (rest.length > 0) return typeof found === 'object' && speaks(found, rest, whole);
  return whole
    ? found !== undefined || Object.hasOwn(part, `${first}_other`)
    : Object.keys(part).some((key) => key.startsWith(first));
}

export function partsOf(code: string, parts: Map<string, Tree>): string[] {
  const dotted = code.matchAll(/(['"`])([a-z_]+\.[\w.-]*|[a-z_]+_)(\1|\$\{)/g);
  // A single word is a key only where a text is asked for by it.
  const single = code.matchAll(/\bt\(\s*(['"`])([a-z_]+)(\1)/g);
  const named = [...dotted, ...single];
  const keys = named.map(([, , key = '', end]) => ({ words: key.split('.'), whole: end !== '${' }));
  return [...parts]
    .filter(([, part]) => keys.some(({ words, whole }) => speaks(part, words, whole)))
    .map(([name]) => name);
}

export function textsPlugin(): Plugin {
  const parts = readParts();
  return {
    name: 'luy-texts',
    enforce: 'pre',
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const name = id.slice(prefix.length + 1);
      const file = (language: string) => JSON.stringify(join(texts, language, `${name}.json`));
      return [
        `import { provide } from ${JSON.stringify(join(texts, 'parts.ts'))};`,
        `import vi from ${file('vi')};`,
        `provide(${JSON.stringify(name)}, vi, () => import(${file('en')}));`,
      ].join('\n');
    },
    transform(code, id) {
      const path = id.split('?')[0] ?? '';
      if (!path.startsWith(src) || path.startsWith(texts) || !/\.tsx?$/.test(path)) return undefined;
      // At the end, so that the lines of the source stay where they are.
      const imports = partsOf(code, parts).map((name) => `\nimport '${prefix}${name}';`);
      return imports.length > 0 ? { code: code + imports.join(''), map: null } : undefined;
    },
  };
}
