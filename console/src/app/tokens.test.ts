// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { applyPalette, palettes } from './tokens';

// WCAG 2.2, relative luminance and contrast ratio.
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

describe.each(Object.entries(palettes))('The %s palette', (_, p) => {
  it('keeps text legible (AA, 4.5:1) on every ground', () => {
    for (const ground of [p.bg, p.surface, p.sunken]) {
      for (const text of [p.text, p.muted, p.accent, p.kept, p.due, p.violated, p.unknown, p.na]) {
        expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    for (const [text, ground] of [
      [p.kept, p.keptBg],
      [p.due, p.dueBg],
      [p.violated, p.violatedBg],
      [p.unknown, p.unknownBg],
      [p.na, p.naBg],
      [p.text, p.accentSoft],
      [p.accent, p.accentSoft],
      [p.muted, p.accentSoft],
      [p.onAccent, p.accent],
    ] as const) {
      expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });
  it('keeps controls and focus visible (3:1)', () => {
    for (const line of [p.lineStrong, p.focus]) {
      for (const ground of [p.bg, p.surface]) expect(contrast(line, ground)).toBeGreaterThanOrEqual(3);
    }
  });
});

it('The palette becomes CSS variables', () => {
  const root = document.createElement('div');
  applyPalette('dark', root);
  expect(root.dataset.theme).toBe('dark');
  expect(root.style.getPropertyValue('--violated-bg')).toBe(palettes.dark.violatedBg);
});
