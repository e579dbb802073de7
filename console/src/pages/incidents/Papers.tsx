// Papers of a case: what is made, who signed, who must still sign, where it went; making another.
import { Modal, Select } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import type { Paper } from '~/api/incidentTypes';
import { useDraft } from '~/api/papers';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { DateOnly } from '~/ui/Time';
import { formsByNeed } from './clockOrder';
import type { CaseProps } from './Parts';

export const paperLook = { draft: 'unknown', issued: 'due', signed: 'kept' } as const;

export function Papers({ process, incident }: CaseProps) {
  const { t, local } = useLanguage();
  const navigate = useNavigate();
  const [making, setMaking] = useState(false);
  const columns: Column<Paper>[] = [
    {
      key: 'title',
      title: t('paper.what'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/incidents/${incident.id}/papers/${row.id}`}>{local(row.title)}</Link>
          <span className="muted">{row.notation ?? t('paper.no_number')}</span>
        </span>
      ),
    },
    {
      key: 'state',
      title: t('paper.state'),
      width: 170,
      render: (row) => (
        <span className="truth">
          <StateIcon state={paperLook[row.state]} /> {t(`paper_state.${row.state}`)}
        </span>
      ),
    },
    {
      key: 'signers',
      title: t('paper.signers'),
      render: (row) => {
        return (
          <span className="two-lines">
            {row.signers.map((signer) => (
              <span key={signer.name}>{signer.name}</span>
            ))}
            {row.awaiting.length > 0 ? (
              <span className="muted">
                {t('paper.must_sign', { whom: row.awaiting.map(local).join(', ') })}
              </span>
            ) : null}
          </span>
        );
      },
    },
    {
      key: 'sent',
      title: t('paper.sent'),
      width: 190,
      render: (row) =>
        row.deliveries.length > 0 ? row.deliveries.map((each) => each.to).join('; ') : <span>–</span>,
    },
    {
      key: 'made',
      title: t('paper.made'),
      width: 120,
      hideNarrow: true,
      render: (row) => <DateOnly at={row.issued_at ?? row.made_at} />,
    },
  ];
  return (
    <Section
      title={t('incident.papers')}
      extra={
        <MayButton action="incident_handle" size="small" onClick={() => setMaking(true)}>
          {t('paper.make')}
        </MayButton>
      }
    >
      <DataTable
        label={t('incident.papers')}
        columns={columns}
        rows={incident.papers}
        rowKey={(row) => row.id}
        onOpen={(row) => navigate(`/incidents/${incident.id}/papers/${row.id}`)}
        empty={<EmptyState why={t('paper.none')} />}
      />
      {making ? <Make process={process} incident={incident} onClose={() => setMaking(false)} /> : null}
    </Section>
  );
}

function Make({ process, incident, onClose }: CaseProps & { onClose: () => void }) {
  const { t, local } = useLanguage();
  const navigate = useNavigate();
  const draft = useDraft(incident.id);
  const { needed } = formsByNeed(process, incident);
  const [form, setForm] = useState([...needed][0] ?? process.forms[0]?.id ?? '');
  const groups = [
    { label: t('paper.needed_here'), forms: process.forms.filter((each) => needed.has(each.id)) },
    { label: t('paper.others'), forms: process.forms.filter((each) => !needed.has(each.id)) },
  ].filter((group) => group.forms.length > 0);
  return (
    <Modal
      open
      title={t('paper.make')}
      okText={t('paper.make')}
      cancelText={t('action.cancel')}
      confirmLoading={draft.isPending}
      onCancel={onClose}
      onOk={() =>
        draft.mutate(
          { form },
          { onSuccess: (paper) => navigate(`/incidents/${incident.id}/papers/${paper.id}`) },
        )
      }
    >
      {draft.error ? <ErrorNote error={draft.error} /> : null}
      <p>{t('paper.make_will')}</p>
      <Select
        className="whole-width"
        aria-label={t('paper.form')}
        value={form}
        onChange={setForm}
        options={groups.map((group) => ({
          label: group.label,
          options: group.forms.map((each) => ({ value: each.id, label: local(each.title) })),
        }))}
      />
    </Modal>
  );
}
