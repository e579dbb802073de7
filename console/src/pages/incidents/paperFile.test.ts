// Goal: whoever signs next signs what those before have left, and a file is named as people know the paper.
import { describe, expect, it } from 'vitest';
import { fileNameOf, fileToSign } from './paperData';

const signature = (account: string | null) => ({
  account,
  name: 'An',
  roles: [],
  at: '2026-11-23T05:00:00Z',
});

describe('The file of a paper that is signed next', () => {
  it.each([
    ['a draft', 'draft', [], 'pdf'],
    ['an issued paper', 'issued', [], 'pdf'],
    ['a paper that a stranger signed, which counts for nothing', 'issued', [signature(null)], 'pdf'],
    ['a paper that the first has signed', 'issued', [signature('a')], 'signed'],
    ['a paper that all have signed', 'signed', [signature('a'), signature(null)], 'signed'],
  ] as const)('of %s', (_, state, signers, as) => {
    expect(fileToSign({ state, signers: signers.map((each) => ({ ...each, roles: [] })) })).toBe(as);
  });
});

describe('The name of a paper’s file', () => {
  it('has its number once it has one', () => {
    expect(fileNameOf({ form: 'bien-ban', notation: null }, 'docx')).toBe('bien-ban.docx');
    expect(fileNameOf({ form: 'bien-ban', notation: '01/BB-UBND-BD' }, 'signed')).toBe(
      'bien-ban-01-BB-UBND-BD-da-ky.pdf',
    );
  });
});
