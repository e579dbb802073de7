// One device for state secrets: its moves with approval, its checks on paper, and where it was seen on a network.
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { useFiles } from '~/api/papers';
import {
  movePaper,
  type SecretCheck,
  type SecretDetail,
  type SecretMove,
  type SecretSighting,
  useCloseSightings,
  useDecideMove,
  useRetireSecret,
  useSecret,
} from '~/api/secrets';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { saveBlob } from '~/ui/files';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { DateOnly, Time } from '~/ui/Time';
import { CodeDialog } from './CodeDialog';
import { AskMove, EnterReport, FinishMove, SecretForm, SignMove } from './SecretForms';
import { standing } from './secret';
import '../incidents/incidents.css';
import './secrets.css';

type Asked =
  | { act: 'edit' | 'move' | 'code' | 'report' | 'retire' | 'close' }
  | { act: 'approve' | 'refuse' | 'finish' | 'sign'; move: SecretMove };

export default function SecretPage() {
  const { t } = useLanguage();
  const { secret = '' } = useParams();
  const query = useSecret(secret);
  const [asked, setAsked] = useState<Asked | null>(null);
  const one = query.data?.device;
  const living = one && !one.retired_at;
  return (
    <Page
      title={one?.label ?? t('nav.secrets')}
      lead={one ? t(`secret_purpose.${one.purpose}`) : undefined}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/secret-devices">{t('nav.secrets')}</Link>
        </nav>
      }
      extra={
        living ? (
          <>
            <MayButton action="secret_device_manage" onClick={() => setAsked({ act: 'retire' })}>
              {t('equipment.retire')}
            </MayButton>
            <MayButton action="secret_device_manage" onClick={() => setAsked({ act: 'edit' })}>
              {t('secret.edit')}
            </MayButton>
            <MayButton action="secret_device_manage" onClick={() => setAsked({ act: 'move' })}>
              {t('secret.ask')}
            </MayButton>
            {one.purpose === 'drafting' ? (
              <>
                <MayButton action="secret_device_manage" onClick={() => setAsked({ act: 'code' })}>
                  {t('secret.code')}
                </MayButton>
                <MayButton
                  action="secret_device_manage"
                  type="primary"
                  onClick={() => setAsked({ act: 'report' })}
                >
                  {t('secret.report')}
                </MayButton>
              </>
            ) : null}
          </>
        ) : undefined
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={6}>
        {(detail) => (
          <>
            <Detail detail={detail} onAsk={setAsked} />
            {asked ? <Dialog asked={asked} detail={detail} onClose={() => setAsked(null)} /> : null}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Dialog({ asked, detail, onClose }: { asked: Asked; detail: SecretDetail; onClose: () => void }) {
  const device = detail.device;
  switch (asked.act) {
    case 'edit':
      return <SecretForm device={device} onClose={onClose} />;
    case 'move':
      return <AskMove device={device} onClose={onClose} />;
    case 'code':
      return <CodeDialog detail={detail} onClose={onClose} />;
    case 'report':
      return <EnterReport device={device} onClose={onClose} />;
    case 'finish':
      return <FinishMove move={asked.move} onClose={onClose} />;
    case 'sign':
      return <SignMove move={asked.move} onClose={onClose} />;
    case 'approve':
    case 'refuse':
      return <Decide move={asked.move} approved={asked.act === 'approve'} onClose={onClose} />;
    case 'retire':
    case 'close':
      return <Reason detail={detail} act={asked.act} onClose={onClose} />;
  }
}

function Detail({ detail, onAsk }: { detail: SecretDetail; onAsk: (asked: Asked) => void }) {
  const { t } = useLanguage();
  const one = detail.device;
  const { look, word } = standing(one);
  return (
    <>
      {one.retired_at ? (
        <p className="will-happen" role="status">
          {t('equipment.retired')} <DateOnly at={one.retired_at} />: {one.retire_reason}
        </p>
      ) : null}
      <dl className="facts">
        <dt>{t('secret.state')}</dt>
        <dd>
          <span className={`state-tag state-${look}`}>
            <StateIcon state={look} />
            {t(`secret_state.${word}`)}
          </span>
        </dd>
        <dt>{t('secret.room')}</dt>
        <dd>{one.room}</dd>
        <dt>{t('secret.holder')}</dt>
        <dd>{one.holder}</dd>
        <dt>{t('secret.serial')}</dt>
        <dd>{one.serial || '–'}</dd>
        <dt>{t('secret.macs')}</dt>
        <dd>{one.macs.join(', ') || '–'}</dd>
        <dt>{t('equipment.registered')}</dt>
        <dd>
          <DateOnly at={one.registered_at} /> · {one.registered_by}
        </dd>
      </dl>
      <Section title={t('secret.sightings')}>
        {one.open_sightings > 0 ? (
          <p>
            <MayButton action="secret_device_manage" danger onClick={() => onAsk({ act: 'close' })}>
              {t('secret.close')}
            </MayButton>
          </p>
        ) : null}
        <Sightings rows={detail.sightings} />
      </Section>
      <Section title={t('secret.checks')}>
        <Checks rows={detail.checks} />
      </Section>
      <Section title={t('secret.moves')}>
        <Moves rows={detail.moves} onAsk={onAsk} />
      </Section>
    </>
  );
}

function Sightings({ rows }: { rows: SecretSighting[] }) {
  const { t } = useLanguage();
  const columns: Column<SecretSighting>[] = [
    {
      key: 'first',
      title: t('secret.seen_first'),
      primary: true,
      render: (row) => (
        <Link to={`/proof/${row.first_seq}`}>
          <Time at={row.first} />
        </Link>
      ),
    },
    { key: 'last', title: t('secret.seen_last'), render: (row) => <Time at={row.last} /> },
    { key: 'by', title: t('secret.seen_by'), render: (row) => t(`secret_seen.${row.by}`) },
    { key: 'count', title: t('secret.seen_count'), align: 'right', width: 90, render: (row) => row.count },
    {
      key: 'closed',
      title: t('secret.seen_closed'),
      render: (row) =>
        row.closed_at ? (
          <span className="two-lines">
            <span>{row.reason}</span>
            <span className="muted">
              {row.closed_by} · <DateOnly at={row.closed_at} />
            </span>
          </span>
        ) : (
          <span className="overdue">{t('secret.seen_open')}</span>
        ),
    },
  ];
  return (
    <DataTable
      label={t('secret.sightings')}
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.source} ${row.first_seq}`}
      empty={<EmptyState why={t('secret.never_seen')} />}
    />
  );
}

function Checks({ rows }: { rows: SecretCheck[] }) {
  const { t, local } = useLanguage();
  const columns: Column<SecretCheck>[] = [
    {
      key: 'day',
      title: t('secret.check_day'),
      primary: true,
      width: 140,
      render: (row) => <DateOnly at={row.day} />,
    },
    {
      key: 'problems',
      title: t('secret.check_result'),
      render: (row) =>
        row.problems.length === 0 ? (
          <span className="state-tag state-kept">
            <StateIcon state="kept" />
            {t('secret.check_sound')}
          </span>
        ) : (
          <ul className="plain-list overdue">
            {row.problems.map((each) => (
              <li key={each.en}>{local(each)}</li>
            ))}
          </ul>
        ),
    },
    {
      key: 'figures',
      title: t('secret.check_figures'),
      render: (row) =>
        t('secret.check_words', {
          open: String(row.open_volumes),
          volumes: String(row.volumes),
          bare: String(row.logins_without_password),
          logins: String(row.logins),
        }),
    },
    { key: 'room', title: t('secret.found_in'), render: (row) => row.room },
    { key: 'by', title: t('secret.entered_by'), render: (row) => row.entered_by },
  ];
  return (
    <DataTable
      label={t('secret.checks')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      empty={<EmptyState why={t('secret.never_checked')} />}
    />
  );
}

function Moves({ rows, onAsk }: { rows: SecretMove[]; onAsk: (asked: Asked) => void }) {
  const { t } = useLanguage();
  const file = useFiles();
  const columns: Column<SecretMove>[] = [
    {
      key: 'state',
      title: t('secret.move_state'),
      primary: true,
      width: 170,
      render: (row) => t(`secret_move.${row.state}`),
    },
    {
      key: 'from',
      title: t('secret.from'),
      render: (row) => (
        <span className="two-lines">
          <span>{row.from_room}</span>
          <span className="muted">{row.from_holder}</span>
        </span>
      ),
    },
    {
      key: 'to',
      title: t('secret.to'),
      render: (row) => (
        <span className="two-lines">
          <span>{row.to_room}</span>
          <span className="muted">{row.to_holder}</span>
        </span>
      ),
    },
    {
      key: 'asked',
      title: t('secret.asked'),
      render: (row) => (
        <span className="two-lines">
          <span>{row.reason}</span>
          <span className="muted">
            {row.asked_by} · <DateOnly at={row.asked_at} />
          </span>
        </span>
      ),
    },
    {
      key: 'decided',
      title: t('secret.decided'),
      render: (row) =>
        row.decided_at ? (
          <span className="two-lines">
            <span>{row.decided_by}</span>
            <span className="muted">
              <DateOnly at={row.decided_at} /> {row.decision_note}
            </span>
          </span>
        ) : (
          '–'
        ),
    },
    {
      key: 'seal',
      title: t('secret.sealed'),
      render: (row) =>
        row.moved_at ? (
          <span className="two-lines">
            <span>
              {row.seal} · {row.witness}
            </span>
            <span className="muted">
              <Time at={row.moved_at} />
            </span>
          </span>
        ) : (
          '–'
        ),
    },
    {
      key: 'acts',
      title: <span className="visually-hidden">{t('air.acts')}</span>,
      width: 210,
      render: (row) => (
        <span className="hold-extra">
          {row.state === 'asked' ? (
            <>
              <MayButton
                action="secret_move_approve"
                size="small"
                type="primary"
                onClick={() => onAsk({ act: 'approve', move: row })}
              >
                {t('secret.approve')}
              </MayButton>
              <MayButton
                action="secret_move_approve"
                size="small"
                onClick={() => onAsk({ act: 'refuse', move: row })}
              >
                {t('secret.refuse')}
              </MayButton>
            </>
          ) : null}
          {row.state === 'approved' ? (
            <MayButton
              action="secret_device_manage"
              size="small"
              type="primary"
              onClick={() => onAsk({ act: 'finish', move: row })}
            >
              {t('secret.finish')}
            </MayButton>
          ) : null}
          {row.moved_at ? (
            <Button
              size="small"
              onClick={() =>
                file.mutate(
                  { path: movePaper(row.id), name: `bien-ban-${row.id}.pdf` },
                  { onSuccess: ({ blob, name }) => saveBlob(name, blob) },
                )
              }
            >
              {t('secret.paper')}
            </Button>
          ) : null}
          {row.state === 'moved' ? (
            <MayButton
              action="secret_device_manage"
              size="small"
              type="primary"
              onClick={() => onAsk({ act: 'sign', move: row })}
            >
              {t('secret.sign')}
            </MayButton>
          ) : null}
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={t('secret.moves')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      empty={<EmptyState why={t('secret.never_moved')} />}
    />
  );
}

function Decide({ move, approved, onClose }: { move: SecretMove; approved: boolean; onClose: () => void }) {
  const { t } = useLanguage();
  const decide = useDecideMove(move.id);
  return (
    <FormModal<{ note: string }>
      title={t(approved ? 'secret.approve_title' : 'secret.refuse_title')}
      ok={t(approved ? 'secret.approve' : 'secret.refuse')}
      danger={!approved}
      will={t('secret.decide_will', { room: move.to_room, holder: move.to_holder })}
      error={decide.error}
      busy={decide.isPending}
      initial={{ note: '' }}
      onFinish={({ note }) =>
        decide.mutate({ approved, note: note.normalize('NFC').trim() }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      <Form.Item name="note" label={t('secret.decision_note')}>
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
    </FormModal>
  );
}

function Reason({
  detail,
  act,
  onClose,
}: {
  detail: SecretDetail;
  act: 'retire' | 'close';
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const retire = useRetireSecret(detail.device.id);
  const close = useCloseSightings(detail.device.id);
  const mutation = act === 'retire' ? retire : close;
  return (
    <FormModal<{ reason: string }>
      title={t(act === 'retire' ? 'secret.retire_title' : 'secret.close_title', {
        label: detail.device.label,
      })}
      ok={t(act === 'retire' ? 'equipment.retire' : 'secret.close')}
      danger
      will={t(act === 'retire' ? 'secret.retire_will' : 'secret.close_will')}
      error={mutation.error}
      busy={mutation.isPending}
      onFinish={({ reason }) => mutation.mutate(reason.normalize('NFC').trim(), { onSuccess: onClose })}
      onClose={onClose}
    >
      <Form.Item
        name="reason"
        label={t(act === 'retire' ? 'equipment.reason' : 'secret.close_reason')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input.TextArea rows={3} maxLength={1000} />
      </Form.Item>
    </FormModal>
  );
}
