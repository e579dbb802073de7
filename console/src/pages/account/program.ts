// "Chrome 131, Windows" out of what a browser calls itself; null when nothing in it is known.
const programs: [RegExp, string][] = [
  [/Edg\/(\d+)/, 'Edge'],
  [/OPR\/(\d+)/, 'Opera'],
  [/coc_coc_browser\/(\d+)/, 'C\u1ed1c C\u1ed1c'],
  [/Firefox\/(\d+)/, 'Firefox'],
  [/Chrome\/(\d+)/, 'Chrome'],
  [/Version\/(\d+).* Safari/, 'Safari'],
];
const systems: [RegExp, string][] = [
  [/Windows/, 'Windows'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

export function programOf(agent: string): string | null {
  const found = programs
    .map(([pattern, name]) => {
      const match = pattern.exec(agent);
      return match ? `${name} ${match[1]}` : null;
    })
    .find(Boolean);
  const system = systems.find(([pattern]) => pattern.test(agent))?.[1];
  if (!found && !system) return agent || null;
  return [found, system].filter(Boolean).join(', ');
}
