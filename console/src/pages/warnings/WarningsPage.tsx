// Warnings to agencies: what is threatened, what to do until when, and how many have answered.
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import type { Warning } from '~/api/incidentTypes';
import { useWarnings } from '~/api/reports';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { DateOnly } from '~/ui/Time';
import { TimeLeft } from '../incidents/TimeLeft';
import { NewWarning } from './NewWarning';
import './warnings.css';

export default function WarningsPage() {
  const { t, language } = useLanguage();
  const navigate = useNavigate();
  const [params, setParams] = useParamsState('all');
  const query = useWarnings(params.all ? {} : { open: 'true' });
  const [writing, setWriting] = useState(false);
  const part = (row: Warning, count: number) =>
    t('warning.of', {
      part: formatNumber(count, language),
      total: formatNumber(row.counts.receivers, language),
    });
  const columns: Column<Warning>[] = [
    { key: 'number', title: t('warning.number'), width: 130, render: (row) => <code>{row.number}</code> },
    {
      key: 'title',
      title: t('warning.title'),
      primary: true,
      render: (row) => <Link to={`/warnings/${row.id}`}>{row.title}</Link>,
    },
    {
      key: 'due',
      title: t('warning.due'),
      width: 150,
      render: (row) =>
        row.counts.reported === row.counts.receivers ? (
          <DateOnly at={row.due_at} />
        ) : (
          <TimeLeft at={row.due_at} />
        ),
    },
    { key: 'read', title: t('warning_act.read'), width: 110, render: (row) => part(row, row.counts.read) },
    { key: 'acted', title: t('warning_act.acted'), width: 110, render: (row) => part(row, row.counts.acted) },
    {
      key: 'reported',
      title: t('warning_act.reported'),
      width: 110,
      render: (row) => part(row, row.counts.reported),
    },
    {
      key: 'late',
      title: t('warning.late'),
      width: 90,
      render: (row) =>
        row.counts.late > 0 ? (
          <span className="overdue">{formatNumber(row.counts.late, language)}</span>
        ) : (
          '0'
        ),
    },
  ];
  return (
    <Page
      title={t('nav.warnings')}
      lead={t('warning.lead')}
      extra={
        <>
          <Link to="/inbound-warnings">{t('inbound.from_outside')}</Link>
          <MayButton action="warning_issue" type="primary" onClick={() => setWriting(true)}>
            {t('warning.write')}
          </MayButton>
        </>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <div className="filters">
        <fieldset className="state-filter">
          <legend className="visually-hidden">{t('filter.state')}</legend>
          <button type="button" aria-pressed={!params.all} onClick={() => setParams({ all: undefined })}>
            {t('warning.open_ones')}
          </button>
          <button type="button" aria-pressed={Boolean(params.all)} onClick={() => setParams({ all: '1' })}>
            {t('filter.all')}
          </button>
        </fieldset>
      </div>
      <Loaded query={query} rows={6}>
        {(rows) => (
          <DataTable
            label={t('nav.warnings')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            onOpen={(row) => navigate(`/warnings/${row.id}`)}
            empty={<EmptyState why={t(params.all ? 'warning.none' : 'warning.none_open')} />}
          />
        )}
      </Loaded>
      {writing ? (
        <NewWarning
          onClose={(made) => {
            setWriting(false);
            if (made) navigate(`/warnings/${made.id}`);
          }}
        />
      ) : null}
    </Page>
  );
}
