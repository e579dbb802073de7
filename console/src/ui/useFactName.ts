import { useLanguage } from '~/i18n';

// The readable name of a kind of fact; a kind this console does not know is shown by its own name.
export function useFactName() {
  const { t } = useLanguage();
  return (kind: string): string => t(`fact.${kind}` as 'fact.os', { defaultValue: kind });
}
