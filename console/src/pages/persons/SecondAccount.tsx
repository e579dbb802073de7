// A further account for somebody who is known: the one-time password is told once.
import { Button, Form, Input, Modal } from 'antd';
import { useSecondAccount } from '~/api/persons';
import type { Person } from '~/api/personTypes';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { Secret } from '~/ui/Secret';
import { usernameOf } from '../people/words';

export function SecondAccount({ person, onClose }: { person: Person; onClose: () => void }) {
  const { t } = useLanguage();
  const create = useSecondAccount();
  if (create.data) {
    return (
      <Modal
        open
        title={t('people.issued')}
        closable={false}
        footer={
          <Button type="primary" onClick={onClose}>
            {t('people.handed_over')}
          </Button>
        }
      >
        <Secret
          title={t('people.password_of', { name: create.data.account.username })}
          lines={[create.data.one_time_password]}
          note={t('people.password_note')}
        />
      </Modal>
    );
  }
  const first = usernameOf(person.name);
  const taken = new Set(person.accounts.map((each) => each.username));
  return (
    <FormModal<{ username: string }>
      title={t('persons.account_of', { name: person.name })}
      ok={t('people.issue')}
      will={t(person.accounts.length > 0 ? 'persons.second_will' : 'persons.first_will')}
      error={create.error}
      busy={create.isPending}
      initial={{ username: taken.has(first) ? `${first}.2` : first }}
      onFinish={({ username }) => create.mutate({ person: person.id, username: username.trim() })}
      onClose={onClose}
    >
      <Form.Item
        name="username"
        label={t('session.username')}
        rules={[{ required: true, min: 2, message: t('session.username_needed') }]}
      >
        <Input maxLength={64} autoComplete="off" autoCapitalize="none" spellCheck={false} />
      </Form.Item>
    </FormModal>
  );
}
