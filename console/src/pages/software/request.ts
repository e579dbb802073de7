// What people type into the forms about software. Pure.

// A package a line; a version may follow a blank.
export function packagesOf(text: string): { product: string; versions?: string }[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([product]) => product)
    .map(([product = '', versions]) => (versions ? { product, versions } : { product }));
}

export const serialsOf = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];

// "<SHA-256> <name>" a line; the number of the first line that is not one.
export function programsOf(text: string): { name: string; sha256: string }[] | number {
  const out: { name: string; sha256: string }[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const found = /^\s*([0-9a-fA-F]{64})\s+(\S.*?)\s*$/.exec(line);
    if (!found?.[1] || !found[2]) return index + 1;
    out.push({ name: found[2], sha256: found[1].toLowerCase() });
  }
  return out;
}
