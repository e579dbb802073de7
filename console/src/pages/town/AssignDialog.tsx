// Whose work a case or a report is: chosen among those who may handle it.
import { Form, Input, Modal, Select } from 'antd';
import type { Assignee } from '~/api/caseworkTypes';
import { type Matter, useAssign, useAssignees } from '~/api/town';
import { useLanguage } from '~/i18n';
import { ErrorNote } from '~/ui/Page';
import { useRoleNames } from '../incidents/useRoleNames';

const nobody = '';

export function AssignDialog({
  matter,
  name,
  assignee,
  onClose,
}: {
  matter: Matter;
  name: string;
  assignee: Assignee | null;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const roles = useRoleNames();
  const choices = useAssignees(matter);
  const assign = useAssign();
  const [form] = Form.useForm<{ account: string; note: string }>();
  const error = assign.error ?? choices.error;
  return (
    <Modal
      open
      title={t('town.assign_title', { name })}
      okText={t('action.save')}
      cancelText={t('action.cancel')}
      confirmLoading={assign.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
      afterOpenChange={(shown) => shown && form.getFieldInstance('account')?.focus()}
    >
      {error ? <ErrorNote error={error} /> : null}
      <p className="will-happen">{t('town.assign_will')}</p>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ account: assignee?.account ?? nobody, note: '' }}
        onFinish={({ account, note }) =>
          assign.mutate(
            { ...matter, account: account === nobody ? null : account, note: note.normalize('NFC').trim() },
            { onSuccess: onClose },
          )
        }
      >
        <Form.Item name="account" label={t('town.assignee')}>
          <Select
            loading={choices.isPending}
            showSearch={{ optionFilterProp: 'label' }}
            options={[
              { value: nobody, label: t('town.nobody') },
              ...(choices.data ?? []).map((each) => ({
                value: each.account,
                label: each.roles.length > 0 ? `${each.name} (${roles(each.roles)})` : each.name,
              })),
            ]}
          />
        </Form.Item>
        <Form.Item name="note" label={t('town.note')}>
          <Input.TextArea rows={2} maxLength={4000} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
