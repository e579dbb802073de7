import { expect, it } from 'vitest';
import { byHandOrigin, handSteps } from './byHand';

const signer = 'luy/0123456789abcdef+0a1b2c3d+AQab+cd==';

it('Each step names the file of its day; the key is all that stands behind the second "+"', () => {
  const steps = handSteps({ day: '2026-11-22', origin: 'luy/0123456789abcdef', signer });
  expect(steps.map((step) => step.what)).toEqual([
    'digest',
    'structure',
    'note',
    'signature',
    'stamp',
    'whole',
  ]);
  expect(steps[0]?.command).toBe('sha256sum -c 2026-11-22.sqlite.sha256');
  const signature = steps.find((step) => step.what === 'signature')?.command ?? '';
  expect(signature).toContain("echo 'AQab+cd=='");
  expect(signature).toContain("'s|^— luy/0123456789abcdef ||p'");
});

it('Without the key of the day there is no step for its signature', () => {
  const steps = handSteps({ day: '2026-11-22', origin: 'luy/0', signer: null });
  expect(steps.some((step) => step.what === 'signature')).toBe(false);
});

it('The name under which a log is signed is the first line of its checkpoint', () => {
  expect(byHandOrigin('luy/0123456789abcdef\n12\nroot\n\n— …')).toBe('luy/0123456789abcdef');
  expect(byHandOrigin(undefined)).toBe('');
});
