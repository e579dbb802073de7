// How grave a finding or a rule is: a word, bars that grow, and a colour that never stands alone.
import type { Severity } from '~/api/types';
import { useLanguage } from '~/i18n';
import './severity.css';

// Gravest first.
export const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'informational'];

const bars: Record<Severity, number> = { critical: 4, high: 3, medium: 2, low: 1, informational: 0 };

export function SeverityTag({ severity }: { severity: Severity }) {
  const { t } = useLanguage();
  return (
    <span className={`severity severity-${severity}`} data-severity={severity}>
      <svg viewBox="0 0 16 12" width="16" height="12" aria-hidden="true">
        {[0, 1, 2, 3].map((bar) => (
          <rect
            key={bar}
            x={bar * 4}
            y={9 - bar * 3}
            width="3"
            height={3 + bar * 3}
            className={bar < bars[severity] ? 'bar-full' : 'bar-empty'}
          />
        ))}
      </svg>
      {t(`severity.${severity}`)}
    </span>
  );
}
