// Issuing an account: a person, a user name, perhaps a first role. The one-time password is told once.
import { Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useCreateAccount, useGrantRole } from '~/api/people';
import { useAgencies, useMay } from '~/api/queries';
import type { Proposed } from '~/api/types';
import { useLanguage } from '~/i18n';
import { isoDate } from '~/ui/format';
import { ErrorNote } from '~/ui/Page';
import { ProposedNote } from '~/ui/ProposedNote';
import { Secret } from '~/ui/Secret';
import { GrantFields, type GrantValues, grantOf } from './GrantFields';
import { usernameOf } from './words';

interface Values extends GrantValues {
  person_name: string;
  username: string;
  agency: string;
}
interface Issued {
  username: string;
  password: string;
  role: Proposed | null;
  roleError: unknown;
}

export function IssueAccount({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage();
  const agencies = useAgencies();
  const create = useCreateAccount();
  const grant = useGrantRole();
  const mayGrant = useMay('role_grant');
  const [form] = Form.useForm<Values>();
  const [issued, setIssued] = useState<Issued | null>(null);
  const living = (agencies.data ?? []).filter(
    (each) => !each.valid_to || each.valid_to >= isoDate(new Date()),
  );

  // The account first, then the role: the role may have to wait for a second person, the account need not.
  const submit = async (values: Values) => {
    const made = await create.mutateAsync({
      agency: values.agency,
      person_name: values.person_name.normalize('NFC').trim(),
      username: values.username.trim(),
    });
    const first = grantOf({ ...values, place: values.place ?? values.agency });
    const done: Issued = {
      username: made.account.username,
      password: made.one_time_password,
      role: null,
      roleError: null,
    };
    if (first) {
      try {
        done.role = await grant.mutateAsync({ account: made.account.id, ...first });
      } catch (error) {
        done.roleError = error;
      }
    }
    setIssued(done);
  };

  if (issued) {
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
        {issued.role ? <ProposedNote proposed={issued.role} done={t('people.role_given')} /> : null}
        {issued.roleError ? <ErrorNote error={issued.roleError} /> : null}
        <Secret
          title={t('people.password_of', { name: issued.username })}
          lines={[issued.password]}
          note={t('people.password_note')}
        />
      </Modal>
    );
  }
  return (
    <Modal
      open
      title={t('people.issue')}
      okText={t('people.issue')}
      cancelText={t('action.cancel')}
      confirmLoading={create.isPending || grant.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {create.error ? <ErrorNote error={create.error} /> : null}
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ agency: living[0]?.id, place: living[0]?.id }}
        onValuesChange={(changed: Partial<Values>) => {
          if (changed.person_name !== undefined && !form.isFieldTouched('username')) {
            form.setFieldValue('username', usernameOf(changed.person_name));
          }
          if (changed.agency && !form.isFieldTouched('place')) form.setFieldValue('place', changed.agency);
        }}
        onFinish={(values) => void submit(values).catch(() => undefined)}
      >
        <Form.Item
          name="person_name"
          label={t('people.name')}
          rules={[{ required: true, whitespace: true, message: t('people.name_needed') }]}
        >
          <Input maxLength={200} autoComplete="off" placeholder={t('people.name_placeholder')} />
        </Form.Item>
        <Form.Item
          name="username"
          label={t('session.username')}
          rules={[{ required: true, min: 2, message: t('session.username_needed') }]}
        >
          <Input maxLength={64} autoComplete="off" autoCapitalize="none" spellCheck={false} />
        </Form.Item>
        <Form.Item name="agency" label={t('people.works_at')} rules={[{ required: true }]}>
          <Select options={living.map((each) => ({ value: each.id, label: each.name }))} />
        </Form.Item>
        {mayGrant ? <GrantFields needed={false} /> : <p className="muted">{t('people.role_by_others')}</p>}
      </Form>
    </Modal>
  );
}
