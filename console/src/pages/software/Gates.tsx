// The gates of the whole fleet: what is wanted, what devices say, and what would be refused.
import { Link } from 'react-router-dom';
import { useGates } from '~/api/software';
import type { SoftwareGateList } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { EmptyState, Loaded } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';

type Row = SoftwareGateList['items'][number];

// What the device says of a gate, beside what is wanted of it.
export function GateWord({ wanted, told }: { wanted: string; told: string | undefined }) {
  const { t } = useLanguage();
  const word = (name: string) => t(`control.gate_word.${name}` as 'control.gate_word.off');
  if (told === undefined) {
    return (
      <span className="two-lines">
        <span>{word(wanted)}</span>
        <span className="muted">{t('control.not_told')}</span>
      </span>
    );
  }
  const state = told === 'failed' ? 'violated' : told === wanted ? 'kept' : 'due';
  return (
    <span className="two-lines">
      <span className={`state-tag state-${state}`}>
        <StateIcon state={state} />
        {word(told)}
      </span>
      {told === wanted ? null : (
        <span className="muted">
          {t('control.wanted_level')}: {word(wanted)}
        </span>
      )}
    </span>
  );
}

export function Gates() {
  const { t } = useLanguage();
  const query = useGates();
  const columns = useColumns();
  return (
    <Loaded query={query} rows={8}>
      {({ items }) => (
        <>
          <p>{t('control.gates_lead')}</p>
          <DataTable
            label={t('control.tab_gates')}
            columns={columns}
            rows={items}
            rowKey={(row) => row.device.id}
            empty={<EmptyState why={t('control.gates_empty')} />}
          />
        </>
      )}
    </Loaded>
  );
}

function useColumns(): Column<Row>[] {
  const { t, language } = useLanguage();
  return [
    {
      key: 'device',
      title: t('control.device'),
      primary: true,
      render: ({ device, agency }) => (
        <span className="two-lines">
          <Link to={`/devices/${device.id}?tab=software`}>{device.name}</Link>
          <span className="muted">{agency.name}</span>
        </span>
      ),
    },
    {
      key: 'install',
      title: t('control.install'),
      render: ({ wanted, state }) => <GateWord wanted={wanted.install} told={state?.install} />,
    },
    {
      key: 'execute',
      title: t('control.execute'),
      render: ({ wanted, state }) => <GateWord wanted={wanted.execute} told={state?.execute} />,
    },
    {
      key: 'removable',
      title: t('control.removable'),
      hideNarrow: true,
      render: ({ wanted, removable_mode }) => (
        <GateWord wanted={wanted.removable} told={removable_mode ?? undefined} />
      ),
    },
    {
      key: 'unapproved',
      title: t('control.gates_unapproved'),
      align: 'right',
      render: ({ unapproved }) => (unapproved === null ? '–' : formatNumber(unapproved, language)),
    },
    {
      key: 'met',
      title: t('control.gates_met'),
      align: 'right',
      render: ({ met_install, met_execute }) =>
        t('control.gates_met_parts', {
          install: formatNumber(met_install, language),
          execute: formatNumber(met_execute, language),
        }),
    },
  ];
}
