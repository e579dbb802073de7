// Legal clocks: how much is left, since when, until when, and which sentence of which law says so.
import type { IncidentClock, IncidentDetail } from '~/api/incidentTypes';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { EmptyState, Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { Time, useNow } from '~/ui/Time';
import { byNeed, isOwnLimit, lookOf, shareGone, waitsForMark } from './clockOrder';
import { OfferMark } from './Mark';
import { TimeLeft } from './TimeLeft';

export function Clocks({ incident }: { incident: IncidentDetail }) {
  const { t } = useLanguage();
  const clocks = byNeed(incident.clocks);
  const own = clocks.filter(isOwnLimit);
  const legal = clocks.filter((clock) => !isOwnLimit(clock));
  return (
    <div>
      <Section title={t('incident.clocks')}>
        {legal.length === 0 ? (
          <EmptyState why={t('incident.no_clocks')} />
        ) : (
          <List incident={incident} clocks={legal} />
        )}
      </Section>
      {own.length > 0 ? (
        <Section title={t('incident.own_clocks')}>
          <List incident={incident} clocks={own} />
        </Section>
      ) : null}
    </div>
  );
}

function List({ incident, clocks }: { incident: IncidentDetail; clocks: readonly IncidentClock[] }) {
  return (
    <ul className="clocks">
      {clocks.map((clock) => (
        <Clock key={clock.id} clock={clock} incident={incident} />
      ))}
    </ul>
  );
}

function Clock({ clock, incident }: { clock: IncidentClock; incident: IncidentDetail }) {
  const { t, local, language } = useLanguage();
  const now = useNow();
  const share = shareGone(clock, now);
  const runs = clock.state === 'running' || clock.state === 'overdue';
  const moment = waitsForMark(clock);
  return (
    <li className={`clock state-${lookOf[clock.state]}`} data-clock={clock.id} data-state={clock.state}>
      <div className="clock-head">
        <span className="clock-title">
          <StateIcon state={lookOf[clock.state]} /> {local(clock.title)}
        </span>
        <strong className="clock-left">
          {runs ? <TimeLeft at={clock.due} /> : t(`clock_state.${clock.state}`)}
        </strong>
      </div>
      <div
        className="clock-bar"
        role="img"
        aria-label={t('incident.share_gone', { share: formatNumber(share * 100, language, 0) })}
      >
        <span style={{ width: `${share * 100}%` }} />
      </div>
      <p className="clock-when">
        {clock.at_once ? <strong>{t('incident.at_once')} </strong> : null}
        {t('incident.until')} <Time at={clock.due} />
        {clock.stopped ? (
          <>
            {' · '}
            {t('incident.stopped')} <Time at={clock.stopped} />
          </>
        ) : null}
      </p>
      <p className="clock-source">{local(clock.source)}</p>
      {moment ? <OfferMark incident={incident} moment={moment} /> : null}
    </li>
  );
}
