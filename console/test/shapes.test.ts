// Goal: no shape of the contract is written down a second time. Method: every object type of the sources is compared by its
// fields with every object of api/openapi.yaml, also with those that stand inside others. What a form holds while somebody
// types is a shape of its own: it may lack fields of the contract, and days in it are the kit's.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

// Fewer fields say too little: {id, name} is everywhere.
const fieldsMin = 4;
const src = join(__dirname, '..', 'src');

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

const sources = () =>
  files(src).filter((file) => /\.tsx?$/.test(file) && !/\.test\.|generated\.ts$/.test(file));

interface Shape {
  place: string;
  name: string;
  fields: string[];
  isTyped: boolean; // In a form: a day of the kit's is among the fields.
}

// Every interface and object type of a text, with the names of its fields.
function shapesOf(place: string, text: string): Shape[] {
  const source = ts.createSourceFile(place, text, ts.ScriptTarget.Latest, true);
  const found: Shape[] = [];
  const visit = (node: ts.Node, name: string) => {
    const named =
      ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isPropertySignature(node);
    const own = named ? node.name.getText() : name;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node)) {
      const fields = node.members.filter(ts.isPropertySignature).map((each) => each.name.getText());
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ place: `${place}:${line}`, name: own, fields, isTyped: /\bDayjs\b/.test(node.getText()) });
    }
    ts.forEachChild(node, (child) => visit(child, own));
  };
  visit(source, '');
  return found;
}

const contract = (() => {
  const text = readFileSync(join(src, 'api', 'generated.ts'), 'utf8');
  const begin = text.indexOf('export interface components');
  const end = text.indexOf('export type $defs');
  return shapesOf('generated.ts', text.slice(begin, end));
})();

// The shape that this one repeats: all of its fields out of one that has none or, beside the client, hardly more.
function repeated(shape: Shape, contract: Shape[]): Shape | undefined {
  if (shape.fields.length < fieldsMin || shape.isTyped) return undefined;
  const moreMax = shape.place.startsWith('api') ? 2 : 0;
  return contract.find((each) => {
    const more = each.fields.length - shape.fields.length;
    return more >= 0 && more <= moreMax && shape.fields.every((field) => each.fields.includes(field));
  });
}

it('A shape of the contract is known again wherever it is written down', () => {
  const text = 'export interface Place { id: string; name: string; address: string; program: string }';
  const written = shapesOf('c', 'interface C { id: 1; name: 2; address: 3; program: 4; last_seen: 5 }');
  expect(shapesOf('api/a.ts', text).map((each) => repeated(each, written)?.name)).toEqual(['C']);
  expect(shapesOf('pages/a.ts', text).map((each) => repeated(each, written)?.name)).toEqual([undefined]);
  expect(contract.length).toBeGreaterThan(400);
});

it('No source writes a shape of the contract down by hand', () => {
  const twice = sources()
    .flatMap((file) => shapesOf(relative(src, file), readFileSync(file, 'utf8')))
    .flatMap((shape) => {
      const same = repeated(shape, contract);
      return same ? [`${shape.place} ${shape.name} is ${same.name} of the contract`] : [];
    });
  expect(twice).toEqual([]);
});

it('The hub is asked through the generated client; only files have no shape', () => {
  const others = sources().filter((file) =>
    /\bfetch\(|XMLHttpRequest|sendBeacon/.test(readFileSync(file, 'utf8')),
  );
  expect(others.map((file) => relative(src, file))).toEqual([
    join('api', 'client.ts'),
    join('api', 'papers.ts'),
  ]);
});
