import { expect, test } from 'vitest';
import { packagesOf, programsOf, serialsOf } from './request';

test('a package a line, with its version where one is given', () => {
  expect(packagesOf(' vim \n\nlibreoffice-writer  7.4.*\n')).toEqual([
    { product: 'vim' },
    { product: 'libreoffice-writer', versions: '7.4.*' },
  ]);
  expect(packagesOf('\n ')).toEqual([]);
});

test('a serial number stands once', () => {
  expect(serialsOf('4C53\n\n 4C53 \nAB')).toEqual(['4C53', 'AB']);
});

test('a program is a digest and a name, and a wrong line is named', () => {
  const digest = 'A'.repeat(64);
  expect(programsOf(`${digest}  Phần mềm một cửa \n`)).toEqual([
    { name: 'Phần mềm một cửa', sha256: digest.toLowerCase() },
  ]);
  expect(programsOf(`\n${digest}`)).toBe(2);
  expect(programsOf('x y')).toBe(1);
  expect(programsOf('')).toEqual([]);
});
