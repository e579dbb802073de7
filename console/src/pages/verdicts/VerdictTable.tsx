// Verdicts as rows: who, what, why, since when, on what proof. Opens into a drawer; the address keeps which.
import { Button } from 'antd';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import type { useVerdicts } from '~/api/queries';
import { useAgencies, useRegulation } from '~/api/queries';
import type { Verdict } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { EmptyState, Loaded } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { Seals } from '~/ui/Seal';
import { StateTag } from '~/ui/StateTag';
import { Age, Overdue, Remaining } from '~/ui/Time';
import { verdictPath } from './path';
import { VerdictDrawer } from './VerdictDrawer';

interface Props {
  query: ReturnType<typeof useVerdicts>;
  showObligation?: boolean;
  empty: string;
}

export const verdictKey = (verdict: Verdict) => `${verdict.obligation}/${verdict.subject.id}`;

export function VerdictTable({ query, showObligation = false, empty }: Props) {
  const { t, language } = useLanguage();
  const [{ open }, setParams] = useParamsState('open');
  const columns = useVerdictColumns(showObligation);
  return (
    <Loaded query={query} rows={8}>
      {(data) => {
        const rows = data.pages.flatMap((page) => page.verdicts);
        const total = data.pages[0]?.total ?? rows.length;
        const cut = open?.indexOf('/') ?? -1;
        return (
          <>
            <DataTable
              label={t('verdicts.title')}
              columns={columns}
              rows={rows}
              rowKey={verdictKey}
              rowClass={(verdict) => `row-${verdict.state}`}
              onOpen={(verdict) => setParams({ open: verdictKey(verdict) }, true)}
              empty={<EmptyState why={empty} />}
            />
            {rows.length > 0 ? (
              <p className="table-foot">
                {t('table.shown', {
                  shown: formatNumber(rows.length, language),
                  total: formatNumber(total, language),
                })}
                {query.hasNextPage ? (
                  <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                    {t('table.more')}
                  </Button>
                ) : null}
              </p>
            ) : null}
            {open && cut > 0 ? (
              <VerdictDrawer
                obligation={open.slice(0, cut)}
                subject={open.slice(cut + 1)}
                onClose={() => setParams({ open: undefined })}
              />
            ) : null}
          </>
        );
      }}
    </Loaded>
  );
}

function useVerdictColumns(showObligation: boolean): Column<Verdict>[] {
  const { t, local } = useLanguage();
  const regulation = useRegulation();
  const agencies = useAgencies();
  const obligations = useMemo(
    () => new Map(regulation.data?.obligations.map((each) => [each.id, each]) ?? []),
    [regulation.data],
  );
  const names = useMemo(
    () => new Map(agencies.data?.map((each) => [each.id, each.name]) ?? []),
    [agencies.data],
  );
  const several = names.size > 1;
  const columns: Column<Verdict>[] = [
    {
      key: 'subject',
      title: t('verdicts.subject'),
      primary: true,
      width: 190,
      render: (verdict) => (
        <span className="two-lines">
          <Link to={verdictPath(verdict)}>{verdict.subject.name}</Link>
          <span className="muted">
            {t(`subject.${verdict.subject.kind}`)}
            {several ? ` · ${names.get(verdict.agency) ?? ''}` : ''}
          </span>
        </span>
      ),
    },
    {
      key: 'state',
      title: t('verdicts.state'),
      width: 150,
      render: (verdict) => <StateTag state={verdict.state} />,
    },
    { key: 'why', title: t('verdicts.why'), render: (verdict) => local(verdict.reason) },
    {
      key: 'since',
      title: t('verdicts.since'),
      width: 160,
      render: (verdict) => (
        <span className="two-lines">
          {verdict.state === 'violated' ? <Overdue since={verdict.since} /> : <Age at={verdict.since} />}
          {verdict.state === 'due' ? <Remaining at={verdict.changes_at} /> : null}
        </span>
      ),
    },
    {
      key: 'proof',
      title: t('verdicts.proof'),
      width: 150,
      render: (verdict) => <Seals proof={verdict.proof} />,
    },
  ];
  if (showObligation) {
    columns.splice(1, 0, {
      key: 'obligation',
      title: t('verdicts.obligation'),
      render: (verdict) => {
        const obligation = obligations.get(verdict.obligation);
        return (
          <span className="two-lines">
            <Link to={`/obligations/${verdict.obligation}`}>
              {obligation ? local(obligation.title) : verdict.obligation}
            </Link>
            <span className="muted">{obligation ? local(obligation.reference) : null}</span>
          </span>
        );
      },
    });
  }
  return columns;
}
