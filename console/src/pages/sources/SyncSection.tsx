// What taking people over from a directory would do, person by person, before anything is done; whoever should not change
// is left out. A preview that has grown old is refused by the hub, and made anew here.
import { Button } from 'antd';
import { useState } from 'react';
import { ApiError } from '~/api/client';
import { type Source, type SyncItem, syncActs, useApplySync, usePreviewSync } from '~/api/sources';
import { useLanguage } from '~/i18n';
import { CountFilter } from '~/ui/CountFilter';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Section } from '~/ui/Page';
import { ProposedNote } from '~/ui/ProposedNote';
import { countOf, inOrder, mayBeSkipped, willChange } from './source';

export function SyncSection({ source }: { source: Source }) {
  const { t, language } = useLanguage();
  const look = usePreviewSync(source.id);
  const apply = useApplySync(source.id);
  const [skipped, setSkipped] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState<string | undefined>();
  const preview = look.data;
  const number = (count: number) => formatNumber(count, language);
  const again = () => {
    apply.reset();
    setSkipped(new Set());
    look.mutate();
  };
  const columns = useColumns(skipped, (subject) => {
    const next = new Set(skipped);
    if (!next.delete(subject)) next.add(subject);
    setSkipped(next);
  });
  const many = preview ? willChange(preview, skipped) : 0;
  const old = apply.error instanceof ApiError && apply.error.code === 'directory.sync_outdated';
  return (
    <Section
      title={t('sync.title')}
      extra={
        <MayButton action="source_manage" loading={look.isPending} onClick={again}>
          {t(preview ? 'sync.look_again' : 'sync.look')}
        </MayButton>
      }
    >
      <p className="muted">{t('sync.help')}</p>
      {look.error ? <ErrorNote error={look.error} /> : null}
      {apply.error ? <ErrorNote error={apply.error} {...(old ? { onRetry: again } : {})} /> : null}
      {apply.data ? <ProposedNote proposed={apply.data} done={t('sync.done')} /> : null}
      {preview && !apply.data ? (
        <>
          <div className="filters">
            <CountFilter
              label={t('sync.what')}
              value={shown}
              options={[
                { value: undefined, label: t('filter.all'), count: preview.items.length },
                ...syncActs
                  .filter((each) => countOf(preview, each) > 0)
                  .map((each) => ({
                    value: each,
                    label: t(`sync_does.${each}`),
                    count: countOf(preview, each),
                  })),
              ]}
              onChange={setShown}
            />
          </div>
          {preview.deciders > 0 ? (
            <p className="will-happen" role="status">
              {t('sync.deciders', { count: preview.deciders, number: number(preview.deciders) })}
            </p>
          ) : preview.takes_two ? (
            <p className="will-happen" role="status">
              {t('sync.takes_two')}
            </p>
          ) : null}
          <DataTable
            label={t('sync.title')}
            columns={columns}
            rows={inOrder(preview.items).filter((each) => !shown || each.does === shown)}
            rowKey={(row) => row.subject}
            rowClass={(row) => (skipped.has(row.subject) ? 'sync-skipped' : undefined)}
            empty={<EmptyState why={t('sync.nobody')} />}
          />
          <div className="worklist-actions">
            <Button
              type="primary"
              disabled={many === 0}
              loading={apply.isPending}
              onClick={() => apply.mutate({ preview: preview.id, skip: [...skipped] })}
            >
              {t('sync.apply', { count: many, number: number(many) })}
            </Button>
            {skipped.size > 0 ? (
              <span className="muted">
                {t('sync.left_out', { count: skipped.size, number: number(skipped.size) })}
              </span>
            ) : null}
          </div>
        </>
      ) : null}
    </Section>
  );
}

function useColumns(skipped: ReadonlySet<string>, onSkip: (subject: string) => void): Column<SyncItem>[] {
  const { t, local } = useLanguage();
  return [
    {
      key: 'who',
      title: t('people.name'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <span>
            {row.name}
            {row.username ? (
              <>
                {' '}
                <code>{row.username}</code>
              </>
            ) : null}
          </span>
          {row.agency ? <span className="muted">{row.agency.name}</span> : null}
        </span>
      ),
    },
    {
      key: 'does',
      title: t('sync.what'),
      width: 200,
      render: (row) => (
        <span className={row.does === 'refuse' || row.does === 'leave' ? 'overdue wrap' : undefined}>
          {t(`sync_does.${row.does}`)}
        </span>
      ),
    },
    {
      key: 'text',
      title: t('sync.detail'),
      render: (row) => (
        <span className="two-lines">
          <span>{local(row.text)}</span>
          {row.person && row.person.name !== row.name ? (
            <span className="muted">{t('sync.known_as', { name: row.person.name })}</span>
          ) : null}
        </span>
      ),
    },
    {
      key: 'skip',
      title: t('sync.take'),
      width: 110,
      align: 'center',
      render: (row) =>
        mayBeSkipped(row) ? (
          <input
            type="checkbox"
            aria-label={t('sync.take_of', { name: row.name })}
            checked={!skipped.has(row.subject)}
            onChange={() => onSkip(row.subject)}
          />
        ) : (
          '–'
        ),
    },
  ];
}
