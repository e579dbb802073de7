// Network and storage devices that run no agent, those whose passwords wait longest first.
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { type Equipment, rotationStates, useEquipment, useExportEquipment } from '~/api/equipment';
import { useLanguage } from '~/i18n';
import { AgencyFilter, useLivingAgencies } from '~/ui/AgencySelect';
import { CountFilter } from '~/ui/CountFilter';
import { type Column, DataTable } from '~/ui/DataTable';
import { compareText, fold, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { SheetButtons } from '~/ui/SheetButtons';
import { DateOnly } from '~/ui/Time';
import { EquipmentForm } from './EquipmentForm';
import { RotationTag } from './RotationTag';
import '../agencies/agencies.css';

const order = (row: Equipment) => rotationStates.indexOf(row.rotation.state);

export default function EquipmentPage() {
  const { t, language } = useLanguage();
  const navigate = useNavigate();
  const [params, setParams] = useParamsState('q', 'agency', 'state', 'retired');
  const query = useEquipment({ agency: params.agency, retired: params.retired ? 'true' : undefined });
  const sheet = useExportEquipment(params.agency);
  const [adding, setAdding] = useState(false);
  const columns = useColumns();
  const wanted = fold(params.q ?? '');
  const found = (row: Equipment) =>
    fold(
      [row.name, row.model, row.serial, row.place, row.custodian, row.address, row.mac, row.firmware].join(
        ' ',
      ),
    ).includes(wanted);
  return (
    <Page
      title={t('nav.equipment')}
      lead={
        query.data
          ? t('equipment.lead', { number: formatNumber(query.data.password_age_days, language) })
          : undefined
      }
      extra={
        <>
          <SheetButtons name="equipment" making={sheet} />
          <MayButton action="equipment_manage" onClick={() => navigate('/equipment/import')}>
            {t('nav.equipment_import')}
          </MayButton>
          <MayButton action="equipment_manage" type="primary" onClick={() => setAdding(true)}>
            {t('equipment.add')}
          </MayButton>
        </>
      }
      updatedAt={query.dataUpdatedAt}
    >
      {sheet.error ? <ErrorNote error={sheet.error} /> : null}
      <Loaded query={query} rows={8}>
        {({ items }) => {
          const matching = items.filter(found);
          const rows = matching
            .filter((row) => !params.state || row.rotation.state === params.state)
            .sort((a, b) => order(a) - order(b) || compareText(a.name, b.name));
          return (
            <>
              <div className="filters">
                <CountFilter
                  label={t('equipment.rotation')}
                  value={rotationStates.find((each) => each === params.state)}
                  options={[
                    { value: undefined, label: t('filter.all'), count: matching.length },
                    ...rotationStates.map((each) => ({
                      value: each,
                      label: t(`rotation_state.${each}`),
                      count: matching.filter((row) => row.rotation.state === each).length,
                    })),
                  ]}
                  onChange={(state) => setParams({ state })}
                />
              </div>
              <div className="filters">
                <SearchInput
                  value={params.q ?? ''}
                  onChange={(q) => setParams({ q })}
                  label={t('equipment.search')}
                />
                <AgencyFilter value={params.agency} onChange={(agency) => setParams({ agency })} />
              </div>
              <DataTable
                label={t('nav.equipment')}
                columns={columns}
                rows={rows}
                rowKey={(row) => row.id}
                onOpen={(row) => navigate(`/equipment/${row.id}`)}
                empty={<EmptyState why={t(items.length > 0 ? 'equipment.none_found' : 'equipment.empty')} />}
              />
            </>
          );
        }}
      </Loaded>
      {adding ? (
        <EquipmentForm
          equipment={null}
          onClose={(made) => {
            setAdding(false);
            if (made) navigate(`/equipment/${made.equipment.id}`);
          }}
        />
      ) : null}
    </Page>
  );
}

function useColumns(): Column<Equipment>[] {
  const { t } = useLanguage();
  const agencies = useLivingAgencies();
  const names = new Map(agencies.map((each) => [each.id, each.name]));
  return [
    {
      key: 'name',
      title: t('equipment.name'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/equipment/${row.id}`}>{row.name}</Link>
          <span className="muted">
            {[t(`equipment_kind.${row.kind}`), row.model].filter(Boolean).join(' · ')}
          </span>
        </span>
      ),
    },
    {
      key: 'place',
      title: t('equipment.place'),
      render: (row) => (
        <span className="two-lines">
          <span>{row.place || '–'}</span>
          <span className="muted">{names.get(row.agency) ?? ''}</span>
        </span>
      ),
    },
    { key: 'custodian', title: t('equipment.custodian'), width: 180, render: (row) => row.custodian || '–' },
    {
      key: 'address',
      title: t('equipment.address'),
      width: 170,
      hideNarrow: true,
      render: (row) => (
        <span className="two-lines">
          <span>{row.address || '–'}</span>
          <span className="muted">{row.mac}</span>
        </span>
      ),
    },
    {
      key: 'support',
      title: t('equipment.support_until'),
      width: 130,
      hideNarrow: true,
      render: (row) => (
        <span className={row.supported ? undefined : 'overdue'}>
          <DateOnly at={row.support_ends_on} />
        </span>
      ),
    },
    {
      key: 'rotation',
      title: t('equipment.rotation'),
      width: 190,
      render: (row) => <RotationTag rotation={row.rotation} />,
    },
  ];
}
