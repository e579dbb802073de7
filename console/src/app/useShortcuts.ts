// "/" goes to the page's search box, or to the palette where there is none; Ctrl-K (⌘K) opens the palette.
import { useEffect, useRef } from 'react';

const typing = 'input,textarea,select,[contenteditable="true"]';

export function useShortcuts(openPalette: () => void): void {
  const open = useRef(openPalette);
  open.current = openPalette;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        open.current();
        return;
      }
      const target = event.target as Element | null;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || target?.closest(typing))
        return;
      event.preventDefault();
      const box = document.querySelector<HTMLInputElement>('main input[data-page-search]');
      if (box) {
        box.focus();
        box.select();
      } else {
        open.current();
      }
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}
