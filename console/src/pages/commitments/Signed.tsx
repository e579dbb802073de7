// Commitments that are signed, of people by a click and of companies on paper; and whose are missing.
import { DatePicker, Form, Input } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import {
  type Commitment,
  type Unsigned,
  useCommitments,
  useEndCommitment,
  useFileCommitment,
} from '~/api/commitments';
import { useLanguage } from '~/i18n';
import { AgencySelect } from '~/ui/AgencySelect';
import { type Column, DataTable } from '~/ui/DataTable';
import { FileDrop } from '~/ui/FileDrop';
import { FormModal } from '~/ui/FormModal';
import { isoDate } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { PersonLink } from '~/ui/PersonLink';
import { SealLink } from '~/ui/Seal';
import { DateOnly } from '~/ui/Time';
import { written } from '~/ui/text';
import { sha256Of } from './commitment';

export function Signed({ agency }: { agency: string | undefined }) {
  const { t } = useLanguage();
  const query = useCommitments({ agency });
  const [filing, setFiling] = useState(false);
  const [ending, setEnding] = useState<Commitment | null>(null);
  const columns = useColumns(setEnding);
  return (
    <Section
      title={t('commitment_tab.commitments')}
      extra={
        <MayButton action="commitment_manage" onClick={() => setFiling(true)}>
          {t('commitment.file')}
        </MayButton>
      }
    >
      <Loaded query={query} rows={6}>
        {({ items }) => (
          <DataTable
            label={t('commitment_tab.commitments')}
            columns={columns}
            rows={items}
            rowKey={(row) => row.id}
            empty={<EmptyState why={t('commitment.none')} />}
          />
        )}
      </Loaded>
      {filing ? <FileCompany onClose={() => setFiling(false)} /> : null}
      {ending ? <EndOne commitment={ending} onClose={() => setEnding(null)} /> : null}
    </Section>
  );
}

function useColumns(onEnd: (commitment: Commitment) => void): Column<Commitment>[] {
  const { t } = useLanguage();
  return [
    {
      key: 'holder',
      title: t('commitment.holder'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          {row.holder.kind === 'person' && row.holder.id ? (
            <PersonLink person={{ id: row.holder.id, name: row.holder.name }} />
          ) : (
            <span>{row.holder.name}</span>
          )}
          <span className="muted">
            {row.agency.name}
            {row.system ? ` · ${row.system}` : ''}
          </span>
        </span>
      ),
    },
    {
      key: 'what',
      title: t('commitment.what'),
      render: (row) =>
        row.text
          ? t('commitment.version', { id: row.text.id, version: row.text.version })
          : (row.paper ?? t('commitment.on_paper')),
    },
    {
      key: 'signed',
      title: t('commitment.signed'),
      width: 130,
      render: (row) => <DateOnly at={row.signed_on} />,
    },
    {
      key: 'until',
      title: t('commitment.until'),
      width: 180,
      render: (row) =>
        row.in_force ? (
          row.until ? (
            <DateOnly at={row.until} />
          ) : (
            t('grant.open')
          )
        ) : (
          <span className="overdue">
            {t('commitment.over')} <DateOnly at={row.ended_at ?? row.until} />
          </span>
        ),
    },
    {
      key: 'proof',
      title: t('trail.proof'),
      width: 140,
      render: (row) => (row.seq === null ? '–' : <SealLink seq={row.seq} />),
    },
    {
      key: 'act',
      title: <span className="visually-hidden">{t('commitment.end')}</span>,
      width: 110,
      align: 'right',
      render: (row) =>
        row.in_force ? (
          <MayButton action="commitment_manage" size="small" onClick={() => onEnd(row)}>
            {t('commitment.end')}
            <span className="visually-hidden"> {row.holder.name}</span>
          </MayButton>
        ) : null,
    },
  ];
}

export function Missing({ agency }: { agency: string | undefined }) {
  const { t } = useLanguage();
  const query = useCommitments({ agency });
  const columns: Column<Unsigned>[] = [
    {
      key: 'who',
      title: t('people.name'),
      primary: true,
      render: (row) => <PersonLink person={row.person} />,
    },
    { key: 'agency', title: t('people.works_at'), render: (row) => row.agency.name },
    {
      key: 'since',
      title: t('commitment.account_since'),
      width: 200,
      render: (row) => <DateOnly at={row.since} />,
    },
  ];
  return (
    <Section title={t('commitment_tab.missing')}>
      <p className="muted">{t('commitment.missing_help')}</p>
      <Loaded query={query} rows={4}>
        {({ missing }) => (
          <DataTable
            label={t('commitment_tab.missing')}
            columns={columns}
            rows={missing}
            rowKey={(row) => row.person.id ?? row.person.name}
            empty={<EmptyState why={t('commitment.missing_none')} />}
          />
        )}
      </Loaded>
    </Section>
  );
}

export function ReasonModal({
  title,
  will,
  ok,
  error,
  busy,
  onFinish,
  onClose,
}: {
  title: string;
  will: string;
  ok: string;
  error: unknown;
  busy: boolean;
  onFinish: (reason: string) => void;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  return (
    <FormModal<{ reason: string }>
      title={title}
      ok={ok}
      danger
      will={will}
      error={error}
      busy={busy}
      onFinish={({ reason }) => onFinish(written(reason))}
      onClose={onClose}
    >
      <Form.Item
        name="reason"
        label={t('persons.reason')}
        rules={[{ required: true, whitespace: true, message: t('persons.reason_needed') }]}
      >
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
    </FormModal>
  );
}

function EndOne({ commitment, onClose }: { commitment: Commitment; onClose: () => void }) {
  const { t } = useLanguage();
  const end = useEndCommitment(commitment.id);
  return (
    <ReasonModal
      title={`${t('commitment.end')}: ${commitment.holder.name}`}
      will={t('commitment.end_will')}
      ok={t('commitment.end')}
      error={end.error}
      busy={end.isPending}
      onFinish={(reason) => end.mutate(reason, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

interface CompanyValues {
  agency: string;
  name: string;
  system?: string;
  paper?: string;
  signed_on: Dayjs;
  until?: Dayjs | null;
}

// The paper itself stays in the office's archive; its fingerprint tells later whether it is the same.
function FileCompany({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage();
  const file = useFileCommitment();
  const today = dayjs(isoDate(new Date()));
  const [scan, setScan] = useState<{ name: string; sha256: string } | null>(null);
  return (
    <FormModal<CompanyValues>
      title={t('commitment.file')}
      ok={t('action.save')}
      will={t('commitment.file_will')}
      error={file.error}
      busy={file.isPending}
      initial={{ signed_on: today }}
      disabled={scan === null}
      onFinish={({ agency, name, system, paper, signed_on, until }) => {
        if (!scan) return;
        file.mutate(
          {
            agency,
            name: written(name),
            system: written(system),
            paper: written(paper),
            paper_sha256: scan.sha256,
            signed_on: signed_on.format('YYYY-MM-DD'),
            ...(until ? { until: until.format('YYYY-MM-DD') } : {}),
          },
          { onSuccess: onClose },
        );
      }}
      onClose={onClose}
    >
      <Form.Item
        name="agency"
        label={t('filter.agency')}
        rules={[{ required: true, message: t('people.place_needed') }]}
      >
        <AgencySelect />
      </Form.Item>
      <Form.Item
        name="name"
        label={t('commitment.company')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item
        name="system"
        label={t('commitment.system')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item
        name="paper"
        label={t('commitment.paper')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input maxLength={200} placeholder={t('commitment.paper_placeholder')} />
      </Form.Item>
      <FileDrop
        label={t('commitment.scan')}
        accept="application/pdf,.pdf"
        chosen={scan ? `${scan.name} · SHA-256 ${scan.sha256.slice(0, 16)}…` : undefined}
        onFile={(chosen) => void sha256Of(chosen).then((sha256) => setScan({ name: chosen.name, sha256 }))}
      />
      <Form.Item
        name="signed_on"
        label={t('commitment.signed')}
        rules={[{ required: true, message: t('device_account.day_needed') }]}
      >
        <DatePicker format="DD/MM/YYYY" allowClear={false} maxDate={today} />
      </Form.Item>
      <Form.Item name="until" label={t('commitment.until')} extra={t('people.until_help')}>
        <DatePicker format="DD/MM/YYYY" />
      </Form.Item>
    </FormModal>
  );
}
