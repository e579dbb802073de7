// The parts of the texts that are here. Vietnamese comes with the code that speaks it (tools/texts.ts); English is read for
// the same parts once somebody asks for it.
import i18next from 'i18next';
import { type ComponentType, lazy } from 'react';

export type Language = 'vi' | 'en';
type Texts = Record<string, unknown>;
interface Part {
  vi: Texts;
  en: () => Promise<{ default: Texts }>;
}

const parts = new Map<string, Part>();
const english = new Map<string, Promise<void>>();
let wanted: Language = 'vi';

function add(language: Language, texts: Texts): void {
  i18next.addResourceBundle(language, 'translation', texts, true, true);
}

export function provide(name: string, vi: Texts, en: Part['en']): void {
  parts.set(name, { vi, en });
  // Before the start there is nowhere to put it: given() has it then.
  if (i18next.store) add('vi', vi);
}

export const given = (): Texts => Object.assign({}, ...[...parts.values()].map((part) => part.vi));

async function translate(name: string, part: Part): Promise<void> {
  try {
    add('en', (await part.en()).default);
  } catch (error) {
    // Asked again, it may come.
    english.delete(name);
    throw error;
  }
}

// Every part that is here also speaks `language`; parts that come later wait for their own.
export async function readyIn(language: Language): Promise<void> {
  wanted = language;
  if (language === 'vi') return;
  await Promise.all(
    [...parts].map(([name, part]) => {
      const begun = english.get(name) ?? translate(name, part);
      english.set(name, begun);
      return begun;
    }),
  );
}

// A part of the page in a file of its own, drawn once its texts are there in the language of the reader.
export function lazyPage<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>) {
  return lazy(async () => {
    const page = await load();
    await readyIn(wanted);
    return page;
  });
}
