// Goal: the client is the contract's, today.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapi, { astToString } from 'openapi-typescript';
import { expect, it } from 'vitest';
import { type Agreement, actions } from '~/api/types';

const contract = join(__dirname, '..', '..', 'api', 'openapi.yaml');
const text = readFileSync(contract, 'utf8');

it('The generated client is the one that api/openapi.yaml gives', async () => {
  const ast = await openapi(pathToFileURL(contract), { rootTypes: true, rootTypesNoSchemaPrefix: true });
  const generated = readFileSync(join(__dirname, '..', 'src', 'api', 'generated.ts'), 'utf8');
  const body = (source: string) => source.slice(source.indexOf('export interface paths'));
  expect(body(generated)).toBe(body(astToString(ast)));
});

it('The actions that the console knows are those of the table of rights', () => {
  const table = readFileSync(join(__dirname, '..', '..', 'src', 'directory', 'policy_table.cc'), 'utf8');
  const agreed: readonly string[] = [
    'rule_disable',
    'device_contain',
    'device_policy_weaken',
  ] satisfies Agreement[];
  const listed = [...table.matchAll(/\{\{Action::(\w+), "(\w+)"/g)].map((match) => String(match[2]));
  expect([...actions].sort()).toEqual(listed.filter((name) => !agreed.includes(name)).sort());
});

it('Every action that a route of the contract asks for is one of them', () => {
  const named = new Set([...text.matchAll(/x-action: (\w+)/g)].map((match) => match[1] as string));
  expect([...named].filter((name) => !(actions as readonly string[]).includes(name))).toEqual([]);
});
