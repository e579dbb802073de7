// Which days of the evidence cannot be deleted, and for which case.
import { Link } from 'react-router-dom';
import { useHolds } from '~/api/incidents';
import type { Hold } from '~/api/incidentTypes';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatDate, formatNumber } from '~/ui/format';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { Time } from '~/ui/Time';
import { spansOf } from './holdDays';
import { ReleaseHold } from './ReleaseHold';
import './incidents.css';

export default function HoldsPage() {
  const { t, language } = useLanguage();
  const query = useHolds();
  return (
    <Page
      title={t('nav.holds')}
      lead={t('holds.lead')}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/evidence">{t('nav.evidence')}</Link>
        </nav>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={4}>
        {(holds) => {
          const days = new Set(holds.flatMap((hold) => hold.days));
          return (
            <>
              {days.size > 0 ? (
                <p className="will-happen">
                  {t('holds.sum', { count: days.size, number: formatNumber(days.size, language) })}
                </p>
              ) : null}
              <DataTable
                label={t('nav.holds')}
                columns={columnsOf(t, language)}
                rows={holds}
                rowKey={(hold) => hold.part}
                empty={<EmptyState why={t('holds.none')} />}
              />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

type Language = ReturnType<typeof useLanguage>;

function columnsOf(t: Language['t'], language: Language['language']): Column<Hold>[] {
  return [
    {
      key: 'case',
      title: t('holds.case'),
      primary: true,
      render: (hold) => (
        <span className="two-lines">
          <Link to={`/incidents/${hold.incident.id}?tab=evidence`}>{hold.incident.number}</Link>
          <span className="muted">{hold.incident.agency.name}</span>
        </span>
      ),
    },
    {
      key: 'reason',
      title: t('holds.reason'),
      render: (hold) => (
        <span className="two-lines">
          <span className="pre-line wrap">{hold.reason}</span>
          {hold.order ? <span className="muted">{hold.order}</span> : null}
        </span>
      ),
    },
    {
      key: 'whom',
      title: t('holds.of'),
      width: 180,
      render: (hold) =>
        hold.devices.length > 0
          ? hold.devices.map((each) => each.name).join(', ')
          : t('incident.whole_agency'),
    },
    {
      key: 'span',
      title: t('holds.span'),
      width: 190,
      render: (hold) => (
        <span className="two-lines">
          <Time at={hold.from} />
          <span>– {hold.to ? <Time at={hold.to} /> : t('incident.no_end')}</span>
        </span>
      ),
    },
    {
      key: 'days',
      title: t('holds.days'),
      width: 230,
      render: (hold) => (
        <span className="two-lines">
          <span>
            {t('holds.count', { count: hold.days.length, number: formatNumber(hold.days.length, language) })}
          </span>
          {spansOf(hold.days).map((span) => (
            <span key={span.from} className="muted">
              {span.count > 1 ? `${formatDate(span.from)} – ${formatDate(span.to)}` : formatDate(span.from)}
            </span>
          ))}
        </span>
      ),
    },
    {
      key: 'release',
      title: t('holds.release'),
      width: 150,
      render: (hold) => <ReleaseHold incident={hold.incident.id} part={hold.part} />,
    },
  ];
}
