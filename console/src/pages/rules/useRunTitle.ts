// What a run is called: by its rule, or the first of several.
import type { RuleRun } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';

export function useRunTitle() {
  const { t, local, language } = useLanguage();
  return (run: RuleRun): string => {
    const [first, ...others] = run.rules;
    if (!first) return t('runs.not_known');
    const title = local(first.title);
    return others.length === 0
      ? title
      : t('runs.rules_more', {
          title,
          count: others.length,
          number: formatNumber(others.length, language),
        });
  };
}
