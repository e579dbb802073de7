import { expect, it } from 'vitest';
import { planBytesMax, planRefusal } from './networkPlan';

it.each([
  ['so-do.pdf', planBytesMax, null],
  ['SO-DO.PNG', 1, null],
  ['so-do.pdf', planBytesMax + 1, 'large'],
  ['so-do.vsdx', 1, 'type'],
  ['png', 1, 'type'],
])('The plan %s of %i bytes is refused as %s', (name, size, why) => {
  expect(planRefusal({ name, size })).toBe(why);
});
