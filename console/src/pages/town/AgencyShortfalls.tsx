// Which agencies fall short, at one glance: each with what is late, not received, waiting for help; a press narrows the queue.
import { useState } from 'react';
import type { TownAgency } from '~/api/caseworkTypes';
import { useLanguage } from '~/i18n';
import { compareText, formatNumber } from '~/ui/format';
import { Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { byShortfall, fallsShort } from './board';

const firstShown = 8;
const signs = [
  { key: 'overdue', state: 'violated' },
  { key: 'unreceived', state: 'due' },
  { key: 'support_open', state: 'unknown' },
] as const;

export function AgencyShortfalls({
  agencies,
  chosen,
  onChoose,
}: {
  agencies: readonly TownAgency[];
  chosen: string | undefined;
  onChoose: (agency: string | undefined) => void;
}) {
  const { t, language } = useLanguage();
  const [whole, setWhole] = useState(false);
  const short = byShortfall(agencies.filter(fallsShort), compareText);
  const shown = whole ? short : short.slice(0, firstShown);
  const number = (value: number) => formatNumber(value, language);
  const fine = agencies.length - short.length;
  return (
    <Section
      title={t('town.shortfalls')}
      extra={
        fine > 0 ? (
          <span className="muted">{t('town.fine', { count: fine, number: number(fine) })}</span>
        ) : null
      }
    >
      {short.length === 0 ? (
        <p className="truth">
          <StateIcon state="kept" /> {t('town.all_fine')}
        </p>
      ) : (
        <ul className="town-agencies">
          {shown.map((row) => (
            <li key={row.agency.id}>
              <button
                type="button"
                className={`town-agency state-${signs.find(({ key }) => row[key] > 0)?.state}`}
                aria-pressed={chosen === row.agency.id}
                onClick={() => onChoose(chosen === row.agency.id ? undefined : row.agency.id)}
              >
                <span className="town-agency-name">{row.agency.name}</span>
                <span className="town-agency-counts">
                  {signs
                    .filter(({ key }) => row[key] > 0)
                    .map(({ key, state }) => (
                      <span key={key} className={`truth state-${state}`}>
                        <StateIcon state={state} />
                        {t(`town_count.${key}`, { count: row[key], number: number(row[key]) })}
                      </span>
                    ))}
                  <span className="muted">
                    {t('town_count.open', { count: row.open, number: number(row.open) })}
                  </span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {short.length > shown.length ? (
        <p className="table-foot">
          <button type="button" className="link-button" onClick={() => setWhole(true)}>
            {t('town.more', {
              count: short.length - shown.length,
              number: number(short.length - shown.length),
            })}
          </button>
        </p>
      ) : null}
    </Section>
  );
}
