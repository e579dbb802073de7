// A verdict's state: always colour and sign and word. The sign's shape differs too, for print and for those who do not
// tell the colours apart: circle, triangle, octagon, dashed ring, dash.
import type { Counts, VerdictState } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatNumber } from './format';
import { headline, states, sumCounts } from './state';

const drawings: Record<VerdictState, React.ReactNode> = {
  kept: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="m4.6 8.3 2.3 2.3 4.5-4.9" className="state-icon-cut" />
    </>
  ),
  due: (
    <>
      <path d="M8 1.4 15.2 14H.8z" fill="currentColor" strokeLinejoin="round" />
      <path d="M8 6v3.4M8 11.4v.6" className="state-icon-cut" />
    </>
  ),
  violated: (
    <>
      <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" fill="currentColor" />
      <path d="m5.5 5.5 5 5m0-5-5 5" className="state-icon-cut" />
    </>
  ),
  unknown: (
    <>
      <circle
        cx="8"
        cy="8"
        r="6.4"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeDasharray="2.4 1.6"
      />
      <path d="M6.2 6.4a1.9 1.9 0 1 1 2.6 1.8c-.6.3-.8.6-.8 1.2m0 1.8v.5" className="state-icon-line" />
    </>
  ),
  not_applicable: <path d="M3 8h10" className="state-icon-line" />,
};

export function StateIcon({ state, label }: { state: VerdictState; label?: string }) {
  return label ? (
    <svg className={`state-icon state-${state}`} viewBox="0 0 16 16" width="16" height="16" role="img">
      <title>{label}</title>
      {drawings[state]}
    </svg>
  ) : (
    <svg
      className={`state-icon state-${state}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
    >
      {drawings[state]}
    </svg>
  );
}

export function StateTag({ state }: { state: VerdictState }) {
  const { t } = useLanguage();
  return (
    <span className={`state-tag state-${state}`} data-state={state}>
      <StateIcon state={state} />
      {t(`state.${state}`)}
    </span>
  );
}

// "3 vi phạm, 12 đạt": the words of a bar, also read aloud.
export function useCountsText() {
  const { t, language } = useLanguage();
  return (counts: Counts) =>
    states
      .filter((state) => counts[state] > 0)
      .map(
        (state) =>
          `${formatNumber(counts[state], language)} ${t(`state.${state}`).toLocaleLowerCase(language)}`,
      )
      .join(', ');
}

export function StateBar({ counts, tall = false }: { counts: Counts; tall?: boolean }) {
  const text = useCountsText()(counts);
  const total = sumCounts(counts);
  if (total === 0) return null;
  return (
    <span
      className={tall ? 'state-bar state-bar-tall' : 'state-bar'}
      role="img"
      aria-label={text}
      title={text}
    >
      {headline
        .filter((state) => counts[state] > 0)
        .map((state) => (
          <span key={state} className={`state-${state}`} style={{ flexGrow: counts[state] }} />
        ))}
    </span>
  );
}

// Small counts with their signs, zeroes left out.
export function StateCounts({ counts }: { counts: Counts }) {
  const { t, language } = useLanguage();
  const shown = states.filter((state) => counts[state] > 0);
  if (shown.length === 0) return <span className="muted">–</span>;
  return (
    <span className="state-counts">
      {shown.map((state) => (
        <span key={state} className={`state-${state}`} title={t(`state.${state}`)}>
          <StateIcon state={state} label={t(`state.${state}`)} />
          {formatNumber(counts[state], language)}
        </span>
      ))}
    </span>
  );
}
