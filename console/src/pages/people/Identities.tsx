// Who an account is in the directories and portals that people sign in from. Joining one takes two people: whoever holds that
// identity gets in as this person.
import { Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { type Identity, useAddIdentity, useDoors, useIdentities, useRemoveIdentity } from '~/api/sources';
import type { Account } from '~/api/types';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded, Section } from '~/ui/Page';
import { Age, DateOnly } from '~/ui/Time';
import { written } from '~/ui/text';

export function Identities({ account }: { account: Account }) {
  const { t } = useLanguage();
  const doors = useDoors().data ?? [];
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Identity | null>(null);
  const known = useIdentities(account.id);
  // Where there is no source, there is nothing to say.
  if (doors.length === 0 && (known.data ?? []).length === 0) return null;
  return (
    <Section
      title={t('identity.title')}
      extra={
        <MayButton action="source_manage" onClick={() => setAdding(true)}>
          {t('identity.add')}
        </MayButton>
      }
    >
      <Loaded query={known} rows={1}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState why={t('identity.none')} />
          ) : (
            <ul className="worklist">
              {list.map((each) => (
                <li key={each.source.id} className="worklist-line">
                  <div>
                    <span className="worklist-title">{each.source.name}</span>
                    <span className="worklist-meta">
                      <code>{each.subject}</code>
                      <span>
                        {t('identity.linked')} <DateOnly at={each.linked_at} />
                      </span>
                      <span>
                        {t('factor.last_used')} <Age at={each.last_used} />
                      </span>
                    </span>
                  </div>
                  <MayButton action="account_manage" onClick={() => setRemoving(each)}>
                    {t('identity.remove')}
                  </MayButton>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {adding ? <Add account={account} onClose={() => setAdding(false)} /> : null}
      {removing ? <Remove account={account} identity={removing} onClose={() => setRemoving(null)} /> : null}
    </Section>
  );
}

function Add({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useLanguage();
  const doors = useDoors().data ?? [];
  const add = useAddIdentity(account.id);
  return (
    <FormModal<{ source: string; subject: string }>
      title={`${t('identity.add')}: ${account.display_name}`}
      ok={t('identity.add')}
      will={t('identity.will')}
      error={add.error}
      busy={add.isPending}
      proposed={add.data}
      done={t('identity.added')}
      onFinish={({ source, subject }) => add.mutate({ source, subject: written(subject) })}
      onClose={onClose}
    >
      <Form.Item
        name="source"
        label={t('identity.source')}
        rules={[{ required: true, message: t('incident.needed') }]}
      >
        <Select options={doors.map((each) => ({ value: each.id, label: each.name }))} />
      </Form.Item>
      <Form.Item
        name="subject"
        label={t('identity.subject')}
        extra={t('identity.subject_help')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input className="code-input" maxLength={200} autoComplete="off" spellCheck={false} />
      </Form.Item>
    </FormModal>
  );
}

function Remove({
  account,
  identity,
  onClose,
}: {
  account: Account;
  identity: Identity;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const remove = useRemoveIdentity(account.id);
  return (
    <Modal
      open
      title={`${t('identity.remove')}: ${identity.source.name}`}
      okText={t('identity.remove')}
      okButtonProps={{ danger: true }}
      cancelText={t('action.cancel')}
      confirmLoading={remove.isPending}
      onCancel={onClose}
      onOk={() => remove.mutate(identity.source.id, { onSuccess: onClose })}
    >
      {remove.error ? <ErrorNote error={remove.error} /> : null}
      <p className="will-happen">{t('identity.remove_will')}</p>
    </Modal>
  );
}
