// The queue by keyboard: j and k walk over the rows, single letters act. Not while somebody types or a dialog is open.
import { useEffect, useRef } from 'react';

const busy = 'input:not([type="checkbox"]),textarea,select,[contenteditable="true"],[role="combobox"]';

export const focusedRow = (): HTMLTableRowElement | null =>
  (document.activeElement?.closest('main tbody tr[tabindex="0"]') as HTMLTableRowElement | null) ?? null;

function step(forward: boolean): void {
  const rows = [...document.querySelectorAll<HTMLTableRowElement>('main tbody tr[tabindex="0"]')];
  const at = rows.indexOf(focusedRow() as HTMLTableRowElement);
  const next = at < 0 ? rows[forward ? 0 : rows.length - 1] : rows[at + (forward ? 1 : -1)];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

// A closed dialog may stay in the page for a while.
const dialogShown = () =>
  [...document.querySelectorAll('[role="dialog"], dialog[open]')].some(
    (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? true,
  );

export function useQueueKeys(act: (key: string) => boolean): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.target as Element | null;
      if (event.ctrlKey || event.metaKey || event.altKey || target?.closest(busy)) return;
      if (dialogShown()) return;
      if (event.key === 'j' || event.key === 'k') step(event.key === 'j');
      else if (!latest.current(event.key)) return;
      event.preventDefault();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}
