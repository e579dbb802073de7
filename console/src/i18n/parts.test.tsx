// @vitest-environment jsdom
// Goal: a page is never drawn with a key, or with the other language's words, in place of its text.

import { cleanup, render, screen } from '@testing-library/react';
import i18next from 'i18next';
import { Suspense } from 'react';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chooseLanguage, startLanguage, useLanguage } from '.';
import { lazyPage, provide, readyIn } from './parts';

const key = (part: string) => `${part}.greeting` as 'nav.home';

function Greeting({ part }: { part: string }) {
  const { t } = useLanguage();
  return <p>{t(key(part))}</p>;
}

// A page that comes with its texts, as the bundle has them.
function pageOf(part: string, en: () => Promise<{ default: Record<string, unknown> }>) {
  return lazyPage(async () => {
    provide(part, { [part]: { greeting: 'Kính chào' } }, en);
    return { default: () => <Greeting part={part} /> };
  });
}

beforeAll(() => startLanguage());
afterEach(async () => {
  cleanup();
  await chooseLanguage('vi');
});

describe('A page', () => {
  it('that is opened in English waits for its English words', async () => {
    await chooseLanguage('en');
    let come = () => {};
    const words = new Promise<void>((resolve) => {
      come = resolve;
    });
    const Page = pageOf('late', async () => {
      await words;
      return { default: { late: { greeting: 'Good day' } } };
    });
    const { container } = render(
      <Suspense fallback={<p>…</p>}>
        <Page />
      </Suspense>,
    );
    expect(container.textContent).toBe('…');
    come();
    await screen.findByText('Good day');
    await chooseLanguage('vi');
    await screen.findByText('Kính chào');
  });

  it('that was opened in Vietnamese is there in English once English was chosen', async () => {
    const Page = pageOf('early', async () => ({ default: { early: { greeting: 'Good morning' } } }));
    render(
      <Suspense fallback={<p>…</p>}>
        <Page />
      </Suspense>,
    );
    await screen.findByText('Kính chào');
    await chooseLanguage('en');
    await screen.findByText('Good morning');
  });

  it('whose English words did not come gets them when it asks again', async () => {
    let tries = 0;
    provide('broken', { broken: { greeting: 'Kính chào' } }, async () => {
      tries += 1;
      if (tries === 1) throw new Error('no network');
      return { default: { broken: { greeting: 'Good night' } } };
    });
    await expect(readyIn('en')).rejects.toThrow('no network');
    await readyIn('en');
    expect(i18next.getFixedT('en')(key('broken'))).toBe('Good night');
  });
});
