import type { Chapter } from '~/api/types';
import { useLanguage } from '~/i18n';

// "Chương II. Nội dung đảm bảo…" from the chapter's number; a number the pack does not know is shown alone.
export function useChapterName(chapters: Chapter[] | undefined): (number: string) => string {
  const { t, local } = useLanguage();
  return (number) => {
    const chapter = chapters?.find((each) => each.number === number);
    return chapter
      ? t('chapter.titled', { number, title: local(chapter.title) })
      : t('chapter.bare', { number });
  };
}
