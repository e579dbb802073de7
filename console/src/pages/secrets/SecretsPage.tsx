// Devices for state secrets: which there are, where they stand and who holds them. Nothing of what is on them.
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { type SecretDevice, useSecrets } from '~/api/secrets';
import { useLanguage } from '~/i18n';
import { AgencyFilter, useLivingAgencies } from '~/ui/AgencySelect';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { StateIcon } from '~/ui/StateTag';
import { DateOnly } from '~/ui/Time';
import { SecretForm } from './SecretForms';
import { standing } from './secret';

export default function SecretsPage() {
  const { t, language } = useLanguage();
  const navigate = useNavigate();
  const [params, setParams] = useParamsState('agency');
  const query = useSecrets(params.agency);
  const [adding, setAdding] = useState(false);
  const columns = useColumns();
  return (
    <Page
      title={t('nav.secrets')}
      lead={
        query.data ? t('secret.lead', { number: formatNumber(query.data.check_days, language) }) : undefined
      }
      extra={
        <MayButton action="secret_device_manage" type="primary" onClick={() => setAdding(true)}>
          {t('secret.add')}
        </MayButton>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <div className="filters">
        <AgencyFilter value={params.agency} onChange={(agency) => setParams({ agency })} />
      </div>
      <Loaded query={query} rows={5}>
        {({ items }) => (
          <DataTable
            label={t('nav.secrets')}
            columns={columns}
            rows={items}
            rowKey={(row) => row.id}
            onOpen={(row) => navigate(`/secret-devices/${row.id}`)}
            empty={<EmptyState why={t('secret.empty')} />}
          />
        )}
      </Loaded>
      {adding ? (
        <SecretForm
          device={null}
          onClose={(made) => {
            setAdding(false);
            if (made) navigate(`/secret-devices/${made.device.id}`);
          }}
        />
      ) : null}
    </Page>
  );
}

function useColumns(): Column<SecretDevice>[] {
  const { t } = useLanguage();
  const names = new Map(useLivingAgencies().map((each) => [each.id, each.name]));
  return [
    {
      key: 'label',
      title: t('secret.label'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/secret-devices/${row.id}`}>{row.label}</Link>
          <span className="muted">{t(`secret_purpose.${row.purpose}`)}</span>
        </span>
      ),
    },
    {
      key: 'room',
      title: t('secret.room'),
      render: (row) => (
        <span className="two-lines">
          <span>{row.room}</span>
          <span className="muted">{names.get(row.agency) ?? ''}</span>
        </span>
      ),
    },
    { key: 'holder', title: t('secret.holder'), render: (row) => row.holder },
    {
      key: 'move',
      title: t('secret.move'),
      width: 190,
      render: (row) => (row.move ? t(`secret_move.${row.move}`) : <span className="muted">–</span>),
    },
    {
      key: 'state',
      title: t('secret.state'),
      width: 240,
      render: (row) => {
        const { look, word } = standing(row);
        return (
          <span className="two-lines">
            <span className={`state-tag state-${look}`}>
              <StateIcon state={look} />
              {t(`secret_state.${word}`)}
            </span>
            {row.checked_at ? (
              <span className="muted">
                {t('secret.checked')} <DateOnly at={row.checked_at} />
              </span>
            ) : null}
          </span>
        );
      },
    },
  ];
}
