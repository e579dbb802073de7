// The register of information systems: a case of one of them knows at once whose it is.
import { Select } from 'antd';
import { useState } from 'react';
import type { RegisteredSystem, SystemRegister } from '~/api/caseworkTypes';
import { useAgencies, useMay } from '~/api/queries';
import { useSystems } from '~/api/systems';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { compareText, fold } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { StateIcon } from '~/ui/StateTag';
import { DateOnly } from '~/ui/Time';
import { RetireSystem, SystemForm } from './SystemDialogs';
import '../agencies/agencies.css';
import '../findings/findings.css';
import '../incidents/incidents.css';

type Asked = { system: RegisteredSystem | null; act: 'keep' } | { system: RegisteredSystem; act: 'retire' };

export default function SystemsPage() {
  const { t } = useLanguage();
  const [params, setParams] = useParamsState('q', 'agency', 'retired', 'open');
  const agencies = useAgencies(useMay('agency_read'));
  const query = useSystems(params.agency);
  const [asked, setAsked] = useState<Asked | null>(null);
  const wanted = fold(params.q ?? '');
  const found = (each: RegisteredSystem) =>
    (params.open ? each.id === params.open : Boolean(params.retired) || each.retired_at === null) &&
    fold([each.name, each.purpose, each.operator, ...each.addresses, ...each.domains].join(' ')).includes(
      wanted,
    );
  return (
    <Page
      title={t('nav.systems')}
      lead={t('system.lead')}
      extra={
        <MayButton
          action="system_manage"
          type="primary"
          onClick={() => setAsked({ act: 'keep', system: null })}
        >
          {t('system.add')}
        </MayButton>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <div className="filters">
        <SearchInput
          value={params.q ?? ''}
          onChange={(q) => setParams({ q, open: undefined })}
          label={t('system.search')}
        />
        {(agencies.data?.length ?? 0) > 1 ? (
          <Select
            className="filter-wide"
            aria-label={t('filter.agency')}
            value={params.agency ?? ''}
            onChange={(agency) => setParams({ agency, open: undefined })}
            options={[
              { value: '', label: t('filter.all_agencies') },
              ...(agencies.data ?? []).map((each) => ({ value: each.id, label: each.name })),
            ]}
          />
        ) : null}
        <button
          type="button"
          className="toggle"
          aria-pressed={Boolean(params.retired)}
          onClick={() => setParams({ retired: params.retired ? undefined : '1', open: undefined })}
        >
          {t('system.with_retired')}
        </button>
        {params.open ? (
          <button type="button" className="toggle" onClick={() => setParams({ open: undefined })}>
            {t('system.all')}
          </button>
        ) : null}
      </div>
      <Loaded query={query} rows={6}>
        {(register) => {
          const rows = register.items.filter(found).sort((a, b) => compareText(a.name, b.name));
          return (
            <>
              <DataTable
                label={t('nav.systems')}
                columns={columnsOf({ t, register, onAsk: setAsked })}
                rows={rows}
                rowKey={(row) => row.id}
                rowClass={(row) => (row.retired_at ? 'muted' : undefined)}
                empty={
                  <EmptyState why={t(register.items.length > 0 ? 'system.none_found' : 'system.none')} />
                }
              />
              {asked?.act === 'keep' ? (
                <SystemForm
                  system={asked.system}
                  managers={register.managers}
                  agency={params.agency}
                  onClose={() => setAsked(null)}
                />
              ) : null}
              {asked?.act === 'retire' ? (
                <RetireSystem system={asked.system} onClose={() => setAsked(null)} />
              ) : null}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function columnsOf({
  t,
  register,
  onAsk,
}: {
  t: ReturnType<typeof useLanguage>['t'];
  register: SystemRegister;
  onAsk: (asked: Asked) => void;
}): Column<RegisteredSystem>[] {
  return [
    { key: 'name', title: t('system_column.name'), primary: true, render: (row) => <Name system={row} /> },
    {
      key: 'manager',
      title: t('system_column.manager'),
      width: 220,
      render: (row) => <Manager system={row} register={register} />,
    },
    { key: 'place', title: t('system_column.place'), width: 190, render: (row) => row.place || '–' },
    {
      key: 'reach',
      title: t('system_column.reach'),
      width: 200,
      render: (row) => (
        <span className="two-lines wrap">
          {[...row.domains, ...row.addresses].slice(0, 4).map((each) => (
            <code key={each}>{each}</code>
          ))}
          {row.domains.length + row.addresses.length > 4 ? <span className="muted">…</span> : null}
        </span>
      ),
    },
    { key: 'level', title: t('system_column.level'), width: 150, render: (row) => <Level system={row} /> },
    {
      key: 'acts',
      title: <span className="visually-hidden">{t('system_column.acts')}</span>,
      width: 170,
      render: (row) => <Acts system={row} onAsk={onAsk} />,
    },
  ];
}

function Name({ system }: { system: RegisteredSystem }) {
  const { t } = useLanguage();
  return (
    <span className="two-lines">
      <span>{system.name}</span>
      <span className="muted incident-whom">
        <span>{system.agency.name}</span>
        {system.purpose ? <span>{system.purpose}</span> : null}
        {system.personal_data ? <span>{t('system.personal_data')}</span> : null}
        {system.retired_at ? (
          <span>
            {t('system.retired')} <DateOnly at={system.retired_at} />
          </span>
        ) : null}
      </span>
    </span>
  );
}

function Manager({ system, register }: { system: RegisteredSystem; register: SystemRegister }) {
  const { local } = useLanguage();
  const title = register.managers.find((each) => each.id === system.manager)?.title;
  return (
    <span className="two-lines">
      <span>{title ? local(title) : system.manager}</span>
      <span className="muted">{system.operator}</span>
    </span>
  );
}

function Level({ system }: { system: RegisteredSystem }) {
  const { t } = useLanguage();
  if (system.level === null)
    return (
      <span className="truth state-unknown">
        <StateIcon state="unknown" /> {t('system.no_level')}
      </span>
    );
  return (
    <span className="two-lines">
      <span>{t('system.level_of', { level: system.level })}</span>
      {system.level_decision ? (
        <span className="muted">
          {system.level_decision.number} · <DateOnly at={system.level_decision.date} />
        </span>
      ) : (
        <span className="muted">{t('system.no_decision')}</span>
      )}
    </span>
  );
}

function Acts({ system, onAsk }: { system: RegisteredSystem; onAsk: (asked: Asked) => void }) {
  const { t } = useLanguage();
  if (system.retired_at) return null;
  return (
    <span className="hold-extra">
      <MayButton action="system_manage" size="small" onClick={() => onAsk({ act: 'keep', system })}>
        {t('contact.edit')}
      </MayButton>
      <MayButton action="system_manage" size="small" onClick={() => onAsk({ act: 'retire', system })}>
        {t('contact.retire')}
      </MayButton>
    </span>
  );
}
