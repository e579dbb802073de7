// How grave a vulnerability is, as the lists have it; what nobody has rated is not drawn as harmless.
import type { Urgency } from '~/api/vulnerability';
import { useLanguage } from '~/i18n';
import { SeverityTag } from '~/ui/SeverityTag';

// Gravest first.
export const urgencies: readonly Urgency[] = [
  'critical',
  'high',
  'medium',
  'low',
  'unimportant',
  'unassigned',
];

export function UrgencyTag({ urgency }: { urgency: Urgency }) {
  const { t } = useLanguage();
  if (urgency === 'unassigned' || urgency === 'unimportant') {
    return <span className="muted">{t(`urgency.${urgency}`)}</span>;
  }
  return <SeverityTag severity={urgency} />;
}
