// Searches that people keep: opened with a click, shared with colleagues, watched where an alert is set.
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useMay } from '~/api/queries';
import { type SavedSearch, useRemoveSearch, useSearches } from '~/api/searches';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { SeverityTag } from '~/ui/SeverityTag';
import { Age, useSpanText } from '~/ui/Time';
import { windowOf } from './alert';
import { SearchForm } from './SearchForm';
import './searches.css';

export default function SearchesPage() {
  const { t } = useLanguage();
  const query = useSearches();
  const [editing, setEditing] = useState<SavedSearch | 'new' | null>(null);
  const [removing, setRemoving] = useState<SavedSearch | null>(null);
  return (
    <Page
      title={t('nav.searches')}
      lead={t('saved.lead')}
      extra={
        <MayButton action="evidence_search" type="primary" onClick={() => setEditing('new')}>
          {t('saved.add')}
        </MayButton>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={5}>
        {(searches) => <Searches searches={searches} onEdit={setEditing} onRemove={setRemoving} />}
      </Loaded>
      {editing ? (
        <SearchForm old={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      ) : null}
      {removing ? <Remove search={removing} onClose={() => setRemoving(null)} /> : null}
    </Page>
  );
}

function Searches({
  searches,
  onEdit,
  onRemove,
}: {
  searches: SavedSearch[];
  onEdit: (search: SavedSearch) => void;
  onRemove: (search: SavedSearch) => void;
}) {
  const { t } = useLanguage();
  const mayRules = useMay('rule_manage');
  const whyNot = (search: SavedSearch) =>
    search.mine || (search.shared && mayRules) ? null : t('saved.not_yours', { name: search.owner.name });
  const columns: Column<SavedSearch>[] = [
    {
      key: 'name',
      title: t('saved.name'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <span>
            <Link to={`/logs?${new URLSearchParams({ q: row.query })}`}>{row.name}</Link>
          </span>
          <code className="saved-query">{row.query || t('saved.everything')}</code>
        </span>
      ),
    },
    {
      key: 'owner',
      title: t('saved.owner'),
      render: (row) => (
        <span className="two-lines">
          <span>{row.mine ? t('saved.mine') : row.owner.name}</span>
          <span className="muted">
            {t(row.shared ? 'saved.shared' : 'saved.private')}
            {row.agency ? ` · ${row.agency.name}` : ''}
          </span>
        </span>
      ),
    },
    { key: 'alert', title: t('saved.alert'), render: (row) => <AlertSummary search={row} /> },
    {
      key: 'last',
      title: t('saved.last'),
      width: 150,
      render: (row) =>
        row.alert && row.last_alert_at ? (
          <Link to="/findings?kind=saved_search">
            <Age at={row.last_alert_at} />
          </Link>
        ) : (
          <span className="muted">{row.alert ? t('time.never') : '–'}</span>
        ),
    },
    {
      key: 'act',
      title: <span className="visually-hidden">{t('saved.edit')}</span>,
      align: 'right',
      width: 170,
      render: (row) => (
        <span className="saved-acts">
          <MayButton size="small" whyNot={whyNot(row)} onClick={() => onEdit(row)}>
            {t('saved.change')}
            <span className="visually-hidden"> {row.name}</span>
          </MayButton>{' '}
          <MayButton size="small" whyNot={whyNot(row)} onClick={() => onRemove(row)}>
            {t('saved.remove')}
            <span className="visually-hidden"> {row.name}</span>
          </MayButton>
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={t('nav.searches')}
      columns={columns}
      rows={searches}
      rowKey={(row) => row.id}
      empty={<EmptyState why={t('saved.empty')} action={<Link to="/logs">{t('nav.logs')}</Link>} />}
    />
  );
}

function AlertSummary({ search }: { search: SavedSearch }) {
  const { t, local, language } = useLanguage();
  const spanText = useSpanText();
  const { alert, problem } = search;
  if (!alert) return <span className="muted">{t('saved.no_alert')}</span>;
  const said = {
    number: formatNumber(alert.over, language),
    window: spanText(windowOf(alert.window_seconds)),
  };
  return (
    <span className="two-lines">
      <span>
        <SeverityTag severity={alert.severity} />{' '}
        {alert.by ? t('saved.rule_by', { ...said, by: alert.by }) : t('saved.rule', said)}
      </span>
      {problem ? <strong>{local(problem)}</strong> : null}
    </span>
  );
}

function Remove({ search, onClose }: { search: SavedSearch; onClose: () => void }) {
  const { t } = useLanguage();
  const remove = useRemoveSearch();
  return (
    <FormModal
      title={t('saved.remove_of', { name: search.name })}
      ok={t('saved.remove')}
      danger
      will={t(search.alert ? 'saved.remove_will_alert' : 'saved.remove_will')}
      error={remove.error}
      busy={remove.isPending}
      onFinish={() => remove.mutate(search.id, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
