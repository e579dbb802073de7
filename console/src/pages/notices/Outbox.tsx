// Mails and webhook calls of the last days: what waits, what went, what was given up and why. Never their text.
import { Button } from 'antd';
import { useNotices, useRetryNotice, useWebhooks } from '~/api/notices';
import type { Notice } from '~/api/types';
import { useLanguage } from '~/i18n';
import { CountFilter } from '~/ui/CountFilter';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { EmptyState, ErrorNote, Loaded } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { StateIcon } from '~/ui/StateTag';
import { Time } from '~/ui/Time';
import { lookOf, noticeStates } from './notice';

export function Outbox() {
  const { t, local, language } = useLanguage();
  const [params, setParams] = useParamsState('state', 'webhook');
  const state = noticeStates.find((each) => each === params.state);
  const query = useNotices({
    ...(state ? { state } : {}),
    ...(params.webhook ? { webhook: params.webhook } : {}),
  });
  const webhook = useWebhooks().data?.find((each) => each.id === params.webhook);
  const retry = useRetryNotice();
  const columns: Column<Notice>[] = [
    {
      key: 'kind',
      title: t('notice.kind'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <span>{t(`notice_kind.${row.kind}`)}</span>
          <span className="muted">
            {row.agency.name}
            {row.digest ? ` · ${t('notice.in_digest')}` : ''}
          </span>
        </span>
      ),
    },
    {
      key: 'to',
      title: t('notice.to'),
      render: (row) =>
        row.channel === 'mail'
          ? t('notice.to_person', { name: row.person?.name ?? '–' })
          : t('notice.to_webhook', { name: row.webhook?.name ?? '–' }),
    },
    { key: 'at', title: t('notice.created_at'), width: 150, render: (row) => <Time at={row.created_at} /> },
    {
      key: 'state',
      title: t('notice.state'),
      render: (row) => (
        <span className="two-lines">
          <span className="truth" data-state={row.state}>
            <StateIcon state={lookOf[row.state]} /> {t(`notice_state.${row.state}`)}
          </span>
          <span className="muted">
            {row.attempts > 0
              ? t('notice.attempts', { count: row.attempts, number: formatNumber(row.attempts, language) })
              : ''}{' '}
            {row.done_at ? <Time at={row.done_at} /> : row.next_at ? <Time at={row.next_at} /> : null}
          </span>
          {row.problem && row.state !== 'sent' ? <span className="wrap">{local(row.problem)}</span> : null}
        </span>
      ),
    },
    {
      key: 'retry',
      title: t('notice.again'),
      width: 120,
      render: (row) =>
        row.state === 'failed' ? (
          <Button
            size="small"
            loading={retry.isPending && retry.variables === row.id}
            onClick={() => retry.mutate(row.id)}
          >
            {t('notice.retry')}
          </Button>
        ) : (
          '–'
        ),
    },
  ];
  return (
    <>
      <div className="filters">
        <CountFilter
          label={t('filter.state')}
          value={state}
          options={[
            { value: undefined, label: t('filter.all') },
            ...noticeStates.map((each) => ({ value: each as string, label: t(`notice_state.${each}`) })),
          ]}
          onChange={(next) => setParams({ state: next })}
        />
      </div>
      {params.webhook ? (
        <p className="will-happen">
          {t('notice.of_webhook', { name: webhook?.name ?? '' })}{' '}
          <Button size="small" onClick={() => setParams({ webhook: undefined })}>
            {t('notice.of_all')}
          </Button>
        </p>
      ) : null}
      {retry.error ? <ErrorNote error={retry.error} /> : null}
      <Loaded query={query} rows={6}>
        {(items) => (
          <DataTable
            label={t('notice.tab_sent')}
            columns={columns}
            rows={items}
            rowKey={(row) => row.id}
            empty={<EmptyState why={t('notice.none')} />}
          />
        )}
      </Loaded>
    </>
  );
}
