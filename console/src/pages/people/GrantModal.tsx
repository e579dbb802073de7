import { Button, Form, Modal } from 'antd';
import { useState } from 'react';
import { useGrantRole } from '~/api/people';
import type { Account, Proposed } from '~/api/types';
import { useLanguage } from '~/i18n';
import { ErrorNote } from '~/ui/Page';
import { ProposedNote } from '~/ui/ProposedNote';
import { GrantFields, type GrantValues, grantOf } from './GrantFields';

export function GrantModal({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useLanguage();
  const grant = useGrantRole();
  const [form] = Form.useForm<GrantValues>();
  const [made, setMade] = useState<Proposed | null>(null);
  if (made) {
    return (
      <Modal
        open
        title={t('people.give_role')}
        onCancel={onClose}
        footer={
          <Button type="primary" onClick={onClose}>
            {t('action.close')}
          </Button>
        }
      >
        <ProposedNote proposed={made} done={t('people.role_given')} />
      </Modal>
    );
  }
  return (
    <Modal
      open
      title={t('people.give_role_to', { name: account.display_name })}
      okText={t('people.give_role')}
      cancelText={t('action.cancel')}
      confirmLoading={grant.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {grant.error ? <ErrorNote error={grant.error} /> : null}
      <p className="will-happen">{t('people.give_role_help')}</p>
      <Form<GrantValues>
        form={form}
        layout="vertical"
        initialValues={{ place: account.agency }}
        onFinish={(values) => {
          const wanted = grantOf(values);
          if (wanted) grant.mutate({ account: account.id, ...wanted }, { onSuccess: setMade });
        }}
      >
        <GrantFields needed />
      </Form>
    </Modal>
  );
}
