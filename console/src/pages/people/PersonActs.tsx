// Acts on somebody's account that need no form: each says what will happen before it does.
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { type AccountAct, useAccountAct, useEnableAccount, useOwnAccount } from '~/api/people';
import type { Account, Proposed } from '~/api/types';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote, Section } from '~/ui/Page';
import { ProposedNote } from '~/ui/ProposedNote';
import { Secret } from '~/ui/Secret';

const acts = [
  { act: 'password', key: 'password', action: 'account_manage' },
  { act: 'factors/reset', key: 'factors', action: 'second_factor_reset' },
  { act: 'seal', key: 'seal', action: 'account_manage' },
] as const satisfies readonly { act: AccountAct; key: string; action: string }[];
type Chosen = (typeof acts)[number] | 'enabled';

export function PersonActs({ account }: { account: Account }) {
  const { t } = useLanguage();
  const own = useOwnAccount();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const whyNot = own?.id === account.id ? t('people.not_yourself') : null;
  return (
    <Section title={t('people.acts')}>
      <div className="person-actions">
        {acts.map((each) => (
          <MayButton key={each.key} action={each.action} whyNot={whyNot} onClick={() => setChosen(each)}>
            {t(`person_act.${each.key}`)}
          </MayButton>
        ))}
        <MayButton
          action="account_manage"
          whyNot={whyNot}
          danger={account.enabled}
          onClick={() => setChosen('enabled')}
        >
          {t(account.enabled ? 'person_act.lock' : 'person_act.unlock')}
        </MayButton>
      </div>
      {chosen === 'enabled' ? <LockModal account={account} onClose={() => setChosen(null)} /> : null}
      {chosen && chosen !== 'enabled' ? (
        <ActModal account={account} chosen={chosen} onClose={() => setChosen(null)} />
      ) : null}
    </Section>
  );
}

function LockModal({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useLanguage();
  const enable = useEnableAccount();
  const verb = t(account.enabled ? 'person_act.lock' : 'person_act.unlock');
  return (
    <Modal
      open
      title={`${verb}: ${account.display_name}`}
      okText={verb}
      cancelText={t('action.cancel')}
      okButtonProps={{ danger: account.enabled, disabled: enable.data !== undefined }}
      confirmLoading={enable.isPending}
      onCancel={onClose}
      onOk={() =>
        enable.mutate(
          { account: account.id, enabled: !account.enabled },
          // What waits for a second person is told before the window closes.
          { onSuccess: (made) => ('done' in made ? undefined : onClose()) },
        )
      }
    >
      {enable.error ? <ErrorNote error={enable.error} /> : null}
      {enable.data && 'done' in enable.data ? <ProposedNote proposed={enable.data} done="" /> : null}
      <p className="will-happen">{t(account.enabled ? 'person_act.lock_help' : 'person_act.unlock_help')}</p>
    </Modal>
  );
}

function ActModal({
  account,
  chosen,
  onClose,
}: {
  account: Account;
  chosen: (typeof acts)[number];
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const run = useAccountAct();
  const verb = t(`person_act.${chosen.key}`);
  const done: Proposed | undefined = run.data;
  return (
    <Modal
      open
      title={`${verb}: ${account.display_name}`}
      closable={!done?.one_time_password}
      onCancel={onClose}
      footer={
        done ? (
          <Button type="primary" onClick={onClose}>
            {done.one_time_password ? t('people.handed_over') : t('action.close')}
          </Button>
        ) : (
          [
            <Button key="cancel" onClick={onClose}>
              {t('action.cancel')}
            </Button>,
            <Button
              key="ok"
              type="primary"
              loading={run.isPending}
              onClick={() => run.mutate({ account: account.id, act: chosen.act })}
            >
              {verb}
            </Button>,
          ]
        )
      }
    >
      {run.error ? <ErrorNote error={run.error} /> : null}
      {done ? (
        <>
          <ProposedNote proposed={done} done={t('person_act.done')} />
          {done.one_time_password ? (
            <Secret
              title={t(chosen.act === 'seal' ? 'person_act.envelope_of' : 'people.password_of', {
                name: account.username,
              })}
              lines={[done.one_time_password]}
              note={t(chosen.act === 'seal' ? 'person_act.envelope_note' : 'people.password_note')}
            />
          ) : null}
        </>
      ) : (
        <p className="will-happen">{t(`person_act.${chosen.key}_help`)}</p>
      )}
    </Modal>
  );
}
