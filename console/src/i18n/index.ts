// Vietnamese first; English is loaded when asked for. Keys are checked by the compiler against the Vietnamese files,
// and a test holds both languages to the same keys and the same placeholders. parts.ts says when which texts come.
import i18next from 'i18next';
import { useCallback, useMemo } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { LocalText } from '~/api/types';
import { recall, remember } from '~/app/memory';
import { given, type Language, readyIn } from './parts';

export type { Language } from './parts';

const storageKey = 'luy.language';

export async function startLanguage(): Promise<void> {
  const language: Language = recall(storageKey) === 'en' ? 'en' : 'vi';
  await i18next.use(initReactI18next).init({
    lng: 'vi',
    fallbackLng: 'vi',
    resources: { vi: { translation: given() } },
    // A key that reaches somebody's eyes is a fault of the page: every browser test looks for such lines.
    saveMissing: true,
    missingKeyHandler: (_languages, _space, key, _shown, _update, options) => {
      // biome-ignore lint/suspicious/noConsole: for who works on the page.
      if (options?.defaultValue === undefined) console.error(`no text for ${key}`);
    },
    interpolation: { escapeValue: false },
    returnNull: false,
    // The library's advertisement in the browser's console.
    showSupportNotice: false,
  });
  if (language === 'en') await chooseLanguage('en');
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language): Promise<void> {
  await readyIn(language);
  await i18next.changeLanguage(language);
  remember(storageKey, language);
  document.documentElement.lang = language;
}

export function useLanguage() {
  const { t, i18n } = useTranslation();
  const language: Language = i18n.language === 'en' ? 'en' : 'vi';
  // Picks the language of a sentence that came from the hub.
  const local = useCallback(
    (text: LocalText) => (language === 'en' ? text.en || text.vi : text.vi),
    [language],
  );
  return useMemo(() => ({ t, language, local }), [t, language, local]);
}
