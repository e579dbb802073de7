// Vietnamese first; English is loaded when asked for. Keys are checked by the compiler against the Vietnamese files,
// and a test holds both languages to the same keys and the same placeholders.
import i18next from 'i18next';
import { useCallback, useMemo } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { LocalText } from '~/api/types';
import { recall, remember } from '~/app/memory';
import { vi } from './vi';

export type Language = 'vi' | 'en';
const storageKey = 'luy.language';

async function load(language: Language): Promise<void> {
  if (language === 'en' && !i18next.hasResourceBundle('en', 'translation')) {
    const { en } = await import('./en');
    i18next.addResourceBundle('en', 'translation', en);
  }
}

export async function startLanguage(): Promise<void> {
  const language: Language = recall(storageKey) === 'en' ? 'en' : 'vi';
  await i18next.use(initReactI18next).init({
    lng: 'vi',
    fallbackLng: 'vi',
    resources: { vi: { translation: vi } },
    interpolation: { escapeValue: false },
    returnNull: false,
    // The library's advertisement in the browser's console.
    showSupportNotice: false,
  });
  if (language === 'en') await chooseLanguage('en');
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language): Promise<void> {
  await load(language);
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
