// What somebody should look at: by device, with who installed it and when; handed out as the filter has it.
import { Button, Segmented } from 'antd';
import { Link } from 'react-router-dom';
import { useExportWrong, useWrongSoftware } from '~/api/software';
import type { SheetFormat, WrongKind, WrongSoftware } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { EmptyState, ErrorNote, Loaded } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { StateIcon } from '~/ui/StateTag';
import { saveSheet } from '~/ui/sheet';
import { DateOnly, Time } from '~/ui/Time';

const kinds: readonly WrongKind[] = ['unapproved', 'expired', 'remote_control', 'pirated'];
const stateOf: Record<WrongKind, 'violated' | 'due'> = {
  unapproved: 'due',
  expired: 'due',
  remote_control: 'violated',
  pirated: 'violated',
};

export function KindTag({ kind }: { kind: WrongKind }) {
  const { t } = useLanguage();
  return (
    <span className={`state-tag state-${stateOf[kind]}`}>
      <StateIcon state={stateOf[kind]} />
      {t(`control.kind.${kind}`)}
    </span>
  );
}

export function WrongTable() {
  const { t, language } = useLanguage();
  const [{ q, kind }, setParams] = useParamsState('q', 'kind');
  const filter = { q, kind };
  const query = useWrongSoftware(filter);
  const sheet = useExportWrong();
  const columns = useColumns();
  const save = (format: SheetFormat) =>
    sheet.mutate(
      { filter, format },
      { onSuccess: (made) => saveSheet('phan-mem-can-xem-xet', format, made) },
    );
  return (
    <>
      <div className="filters">
        <SearchInput
          value={q ?? ''}
          onChange={(next) => setParams({ q: next })}
          label={t('software.search')}
        />
        <Segmented
          aria-label={t('control.kind_label')}
          value={kind ?? 'all'}
          onChange={(next) => setParams({ kind: next === 'all' ? undefined : String(next) })}
          options={[
            { value: 'all', label: t('filter.all') },
            ...kinds.map((name) => ({ value: name, label: t(`control.kind.${name}`) })),
          ]}
        />
        <span className="filters-end">
          <Button loading={sheet.isPending} onClick={() => save('csv')}>
            {t('control.export_csv')}
          </Button>
          <Button loading={sheet.isPending} onClick={() => save('xlsx')}>
            {t('control.export_xlsx')}
          </Button>
        </span>
      </div>
      {sheet.error ? <ErrorNote error={sheet.error} /> : null}
      <Loaded query={query} rows={10}>
        {(data) => {
          const rows = data.pages.flatMap((page) => page.items);
          const first = data.pages[0];
          return (
            <>
              {first ? (
                <p>
                  {t('control.counts', {
                    devices: formatNumber(first.devices, language),
                    unapproved: formatNumber(first.unapproved_devices, language),
                    remote: formatNumber(first.remote_control_devices, language),
                    pirated: formatNumber(first.pirated_devices, language),
                  })}
                </p>
              ) : null}
              <DataTable
                label={t('control.tab_wrong')}
                columns={columns}
                rows={rows}
                rowKey={(row) =>
                  `${row.device.id} ${row.software.name} ${row.software.architecture} ${row.software.version}`
                }
                empty={<EmptyState why={q || kind ? t('control.wrong_none') : t('control.wrong_empty')} />}
              />
              {rows.length > 0 ? (
                <p className="table-foot">
                  <span className="muted">{t('control.mark_note')}</span>
                  {query.hasNextPage ? (
                    <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                      {t('table.more')}
                    </Button>
                  ) : null}
                </p>
              ) : null}
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function useColumns(): Column<WrongSoftware>[] {
  const { t } = useLanguage();
  return [
    {
      key: 'name',
      title: t('software.product'),
      primary: true,
      render: ({ software }) => (
        <span className="two-lines">
          <code>{software.name}</code>
          <code className="muted">{software.version}</code>
        </span>
      ),
    },
    {
      key: 'kinds',
      title: t('control.kind_label'),
      render: ({ kinds: all, software }) => (
        <span className="two-lines">
          {all.map((kind) => (
            <KindTag key={kind} kind={kind} />
          ))}
          {software.ended ? (
            <span className="muted">
              {t('control.ended')} <DateOnly at={software.ended} />
            </span>
          ) : null}
        </span>
      ),
    },
    {
      key: 'mark',
      title: t('control.recognised'),
      hideNarrow: true,
      render: ({ mark }) => mark?.label ?? '',
    },
    {
      key: 'device',
      title: t('control.device'),
      render: ({ device, agency }) => (
        <span className="two-lines">
          <Link to={`/devices/${device.id}?tab=software`}>{device.name}</Link>
          <span className="muted">{agency.name}</span>
        </span>
      ),
    },
    {
      key: 'by',
      title: t('control.installed_by'),
      render: ({ software }) =>
        software.installed_by || <span className="muted">{t('control.who_unknown')}</span>,
    },
    {
      key: 'at',
      title: t('control.installed_at'),
      width: 150,
      render: ({ software }) => <Time at={software.installed_at ?? software.first_seen} />,
    },
  ];
}
