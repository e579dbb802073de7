// The two choices this browser remembers (language, theme), unless its person works in a public place: article 7.2.c.
let nothing = false;

// Clears what is stored and stores nothing more until the page is loaded again.
export function keepNothing(): void {
  nothing = true;
  localStorage.clear();
  sessionStorage.clear();
}

export function remember(key: string, value: string): void {
  if (!nothing) localStorage.setItem(key, value);
}

export const recall = (key: string): string | null => localStorage.getItem(key);
