// Goal: no English detail of a library that is known stands in a Vietnamese sentence; the rest is left as it is.
import { expect, it } from 'vitest';
import { withWords } from './plainDetails';

it.each([
  ['Cannot read the certificate: no start line.', 'Cannot read the certificate: <detail.no_begin>.'],
  ['line 3: end of sequence flow not found', 'line 3: <detail.open_list>'],
  ['Not sent: connection reset', 'Not sent: connection reset'],
])('"%s"', (said, shown) => {
  expect(withWords(said, (key) => `<${key}>`)).toBe(shown);
});
