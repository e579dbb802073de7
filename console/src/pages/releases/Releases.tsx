// The releases, the newest first: their state, how far each has gone, and what can be done next.
import { Form, Input } from 'antd';
import { useState } from 'react';
import { type AgentRelease, useAgreeRelease, useReleases, useWithdrawRelease } from '~/api/releases';
import type { VerdictState } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { formatBytes, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { Time } from '~/ui/Time';
import { BringRelease } from './BringRelease';
import { KeyForm } from './KeyForm';
import { RingForm } from './RingForm';

const looks: Record<AgentRelease['state'], VerdictState> = {
  waiting: 'due',
  agreed: 'due',
  rolling: 'kept',
  stopped: 'violated',
  withdrawn: 'not_applicable',
};
type Asked = { what: 'bring' | 'key' } | { what: 'agree' | 'ring' | 'withdraw'; release: AgentRelease };

export function Releases() {
  const { t, language } = useLanguage();
  const query = useReleases();
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  const columns: Column<AgentRelease>[] = [
    {
      key: 'version',
      title: t('release.version'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <span>
            <code>{row.version}</code> {row.architecture} · {formatBytes(row.bytes, language)}
          </span>
          <span className="muted">
            {row.brought_by}, <Time at={row.brought_at} />
            {row.notes ? ` · ${row.notes}` : ''}
          </span>
        </span>
      ),
    },
    {
      key: 'state',
      title: t('release.state'),
      width: 240,
      render: (row) => (
        <span className="two-lines">
          <span className={`state-tag state-${looks[row.state]}`}>
            <StateIcon state={looks[row.state]} />
            {t(`release.state_${row.state}`)}
          </span>
          {row.agreed_by ? (
            <span className="muted">{t('release.agreed', { name: row.agreed_by })}</span>
          ) : null}
          {row.withdraw_reason ? <span className="muted">{row.withdraw_reason}</span> : null}
        </span>
      ),
    },
    {
      key: 'ring',
      title: t('release.ring'),
      render: (row) => (
        <span className="two-lines">
          <span>{t(`release.ring_${row.ring}`)}</span>
          <span className="muted">{row.places.map((each) => each.name).join(', ')}</span>
        </span>
      ),
    },
    {
      key: 'running',
      title: t('release.running'),
      width: 170,
      align: 'right',
      render: (row) => (
        <span className="two-lines">
          <span>
            {t('release.of', {
              running: formatNumber(row.running, language),
              devices: formatNumber(row.devices, language),
            })}
          </span>
          {row.failed > 0 ? (
            <span className="overdue">
              {t('release.failed', { count: row.failed, number: formatNumber(row.failed, language) })}
            </span>
          ) : null}
        </span>
      ),
    },
    {
      key: 'acts',
      title: <span className="visually-hidden">{t('release.acts')}</span>,
      width: 220,
      render: (row) => (
        <span className="hold-extra">
          {row.state === 'waiting' ? (
            <MayButton
              action="agent_release"
              size="small"
              onClick={() => setAsked({ what: 'agree', release: row })}
            >
              {t('release.agree')}
            </MayButton>
          ) : null}
          {['agreed', 'rolling', 'stopped'].includes(row.state) ? (
            <MayButton
              action="agent_release"
              size="small"
              onClick={() => setAsked({ what: 'ring', release: row })}
            >
              {t('release.set_ring')}
            </MayButton>
          ) : null}
          {row.state === 'withdrawn' ? null : (
            <MayButton
              action="agent_release"
              size="small"
              onClick={() => setAsked({ what: 'withdraw', release: row })}
            >
              {t('release.withdraw')}
            </MayButton>
          )}
        </span>
      ),
    },
  ];
  return (
    <Loaded query={query} rows={5}>
      {({ items, keys }) => (
        <>
          <div className="filters">
            <span className="filters-end">
              <MayButton action="agent_release" onClick={() => setAsked({ what: 'key' })}>
                {t(keys.length > 0 ? 'release.next_key' : 'release.first_key')}
              </MayButton>
              <MayButton
                action="agent_release"
                type="primary"
                whyNot={keys.length > 0 ? null : t('release.no_key')}
                onClick={() => setAsked({ what: 'bring' })}
              >
                {t('release.bring')}
              </MayButton>
            </span>
          </div>
          <DataTable
            label={t('release.tab_releases')}
            columns={columns}
            rows={items}
            rowKey={(row) => row.id}
            empty={<EmptyState why={t(keys.length > 0 ? 'release.none' : 'release.no_key')} />}
          />
          {keys.length > 0 ? (
            <Section title={t('release.keys')}>
              <DataTable
                label={t('release.keys')}
                columns={[
                  {
                    key: 'key',
                    title: t('release.key'),
                    primary: true,
                    render: (row) => <code className="wrap">{row.key}</code>,
                  },
                  {
                    key: 'added',
                    title: t('release.key_added'),
                    width: 260,
                    render: (row) => (
                      <>
                        {row.added_by}, <Time at={row.added_at} />
                      </>
                    ),
                  },
                ]}
                rows={keys}
                rowKey={(row) => row.key}
              />
            </Section>
          ) : null}
          {asked?.what === 'bring' ? <BringRelease onClose={close} /> : null}
          {asked?.what === 'key' ? <KeyForm first={keys.length === 0} onClose={close} /> : null}
          {asked?.what === 'agree' ? <Agree release={asked.release} onClose={close} /> : null}
          {asked?.what === 'ring' ? <RingForm release={asked.release} onClose={close} /> : null}
          {asked?.what === 'withdraw' ? <Withdraw release={asked.release} onClose={close} /> : null}
        </>
      )}
    </Loaded>
  );
}

function Agree({ release, onClose }: { release: AgentRelease; onClose: () => void }) {
  const { t } = useLanguage();
  const agree = useAgreeRelease(release.id);
  return (
    <FormModal
      title={t('release.agree_of', { version: release.version })}
      ok={t('release.agree')}
      will={t('release.agree_will')}
      error={agree.error}
      busy={agree.isPending}
      proposed={agree.data ? { done: agree.data.act === null, act: agree.data.act } : undefined}
      done={t('release.agree_done')}
      onFinish={() => agree.mutate()}
      onClose={onClose}
    />
  );
}

function Withdraw({ release, onClose }: { release: AgentRelease; onClose: () => void }) {
  const { t } = useLanguage();
  const withdraw = useWithdrawRelease(release.id);
  return (
    <FormModal<{ reason: string }>
      title={t('release.withdraw_of', { version: release.version })}
      ok={t('release.withdraw')}
      will={t('release.withdraw_will')}
      danger
      error={withdraw.error}
      busy={withdraw.isPending}
      onFinish={({ reason }) => withdraw.mutate(reason.normalize('NFC').trim(), { onSuccess: onClose })}
      onClose={onClose}
    >
      <Form.Item
        name="reason"
        label={t('antivirus.reason')}
        rules={[{ required: true, whitespace: true, message: t('services.needed') }]}
      >
        <Input.TextArea maxLength={1000} rows={2} />
      </Form.Item>
    </FormModal>
  );
}
