// Papers that belong to no case: reports of a period (form 05) and letters that carry a warning.
import { DatePicker, Form, Modal, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import type { NewOfficePaper, OfficePaper } from '~/api/caseworkTypes';
import { useDraftOffice, useOfficePapers } from '~/api/papers';
import { useAgencies, useMay } from '~/api/queries';
import { useWarnings } from '~/api/reports';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatDate, isoDate } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { StateIcon } from '~/ui/StateTag';
import { DateOnly } from '~/ui/Time';
import { halfYearOf } from '../incidents/measures';
import { paperLook } from '../incidents/Papers';
import '../incidents/incidents.css';

const kinds = ['period', 'warning', 'review', 'provider_request'] as const;
// Made here; the others on the page of what they are about.
const made = ['period', 'warning'] as const;
type Kind = (typeof made)[number];
const formOf = { period: 'bao-cao-tong-hop', warning: 'cong-van-canh-bao' } as const;

export default function OfficePapersPage() {
  const { t, local } = useLanguage();
  const navigate = useNavigate();
  const [params, setParams] = useParamsState('kind', 'agency', 'warning');
  const kind = kinds.find((each) => each === params.kind);
  const agencies = useAgencies(useMay('agency_read'));
  const query = useOfficePapers({ kind, agency: params.agency });
  // A warning's page leads here to write its letter.
  const [making, setMaking] = useState<Kind | null>(params.warning ? 'warning' : null);
  const columns: Column<OfficePaper>[] = [
    {
      key: 'title',
      title: t('paper.what'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/papers/${row.id}`}>{local(row.title)}</Link>
          <span className="muted">{row.notation ?? t('paper.no_number')}</span>
        </span>
      ),
    },
    { key: 'about', title: t('office.about'), width: 280, render: (row) => <About paper={row} /> },
    {
      key: 'state',
      title: t('paper.state'),
      width: 180,
      render: (row) => (
        <span className="truth">
          <StateIcon state={paperLook[row.state]} /> {t(`paper_state.${row.state}`)}
        </span>
      ),
    },
    {
      key: 'sent',
      title: t('paper.sent'),
      width: 200,
      render: (row) =>
        row.deliveries.length > 0 ? row.deliveries.map((each) => each.to).join('; ') : <span>–</span>,
    },
    {
      key: 'made',
      title: t('paper.made'),
      width: 120,
      render: (row) => <DateOnly at={row.issued_at ?? row.made_at} />,
    },
  ];
  return (
    <Page
      title={t('nav.office_papers')}
      lead={t('office.lead')}
      extra={made.map((each) => (
        <MayButton
          key={each}
          action="incident_handle"
          type={each === 'period' ? 'primary' : 'default'}
          onClick={() => setMaking(each)}
        >
          {t(`office_make.${each}`)}
        </MayButton>
      ))}
      updatedAt={query.dataUpdatedAt}
    >
      <div className="filters">
        <fieldset className="state-filter">
          <legend className="visually-hidden">{t('office.kind')}</legend>
          <button type="button" aria-pressed={!kind} onClick={() => setParams({ kind: undefined })}>
            {t('filter.all')}
          </button>
          {kinds.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={kind === each}
              onClick={() => setParams({ kind: each })}
            >
              {t(`office_kind.${each}`)}
            </button>
          ))}
        </fieldset>
        {(agencies.data?.length ?? 0) > 1 ? (
          <Select
            className="filter-wide"
            aria-label={t('filter.agency')}
            value={params.agency ?? ''}
            onChange={(agency) => setParams({ agency })}
            options={[
              { value: '', label: t('filter.all_agencies') },
              ...(agencies.data ?? []).map((each) => ({ value: each.id, label: each.name })),
            ]}
          />
        ) : null}
      </div>
      <Loaded query={query} rows={6}>
        {(rows) => (
          <DataTable
            label={t('nav.office_papers')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            onOpen={(row) => navigate(`/papers/${row.id}`)}
            empty={<EmptyState why={t(kind || params.agency ? 'office.none_found' : 'office.none')} />}
          />
        )}
      </Loaded>
      {making ? (
        <Make
          kind={making}
          warning={params.warning}
          onClose={() => {
            setMaking(null);
            setParams({ warning: undefined });
          }}
        />
      ) : null}
    </Page>
  );
}

export function About({ paper }: { paper: OfficePaper }) {
  const { t } = useLanguage();
  const { owner } = paper;
  return (
    <span className="two-lines">
      <span>{owner.agency.name}</span>
      {owner.kind === 'period' && owner.from && owner.to ? (
        <span className="muted">
          {t('office.period', { from: formatDate(owner.from), to: formatDate(owner.to) })}
        </span>
      ) : null}
      {owner.warning ? (
        <span className="muted">
          <Link to={`/warnings/${owner.warning.id}`}>{owner.warning.number}</Link>
        </span>
      ) : null}
      {owner.review ? (
        <span className="muted">
          <Link to={`/reviews/${owner.review.id}`}>{owner.review.number}</Link>
        </span>
      ) : null}
      {owner.provider_request ? (
        <span className="muted">
          <Link to={`/provider-requests/${owner.provider_request.id}`}>{owner.provider_request.number}</Link>
        </span>
      ) : null}
    </span>
  );
}

interface Asked {
  agency: string;
  days: [Dayjs, Dayjs];
  warning: string;
}

function Make({ kind, warning, onClose }: { kind: Kind; warning: string | undefined; onClose: () => void }) {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const draft = useDraftOffice();
  const agencies = useAgencies(useMay('agency_read'));
  const warnings = useWarnings();
  const [form] = Form.useForm<Asked>();
  const usual = halfYearOf(isoDate(new Date()));
  const needed = [{ required: true, message: t('incident.needed') }];
  const wanted = ({ agency, days, warning: chosen }: Asked): NewOfficePaper =>
    kind === 'warning'
      ? { form: formOf.warning, warning: chosen }
      : {
          form: formOf.period,
          agency,
          from: days[0].format('YYYY-MM-DD'),
          to: days[1].format('YYYY-MM-DD'),
        };
  // The form begins with what is known of agencies.
  if (agencies.isLoading) return null;
  return (
    <Modal
      open
      title={t(`office_make.${kind}`)}
      okText={t('paper.make')}
      cancelText={t('action.cancel')}
      confirmLoading={draft.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {draft.error ? <ErrorNote error={draft.error} /> : null}
      <p className="will-happen">{t(`office_will.${kind}`)}</p>
      <Form<Asked>
        form={form}
        layout="vertical"
        initialValues={{
          agency: agencies.data?.[0]?.id,
          days: [dayjs(usual.from), dayjs(usual.to)],
          warning,
        }}
        onFinish={(asked) =>
          draft.mutate(wanted(asked), { onSuccess: (paper) => navigate(`/papers/${paper.id}`) })
        }
      >
        {kind === 'period' ? (
          <>
            <Form.Item name="agency" label={t('filter.agency')} rules={needed}>
              <Select
                showSearch={{ optionFilterProp: 'label' }}
                options={(agencies.data ?? []).map((each) => ({ value: each.id, label: each.name }))}
              />
            </Form.Item>
            <Form.Item name="days" label={t('office.days')} rules={needed}>
              <DatePicker.RangePicker format="DD/MM/YYYY" allowClear={false} />
            </Form.Item>
          </>
        ) : (
          <Form.Item name="warning" label={t('warning.one')} rules={needed}>
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              notFoundContent={t('warning.none')}
              options={(warnings.data ?? []).map((each) => ({
                value: each.id,
                label: `${each.number} · ${each.title}`,
              }))}
            />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}
