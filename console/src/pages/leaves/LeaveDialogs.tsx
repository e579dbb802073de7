// The acts on a case and on its items.
import { Form, Input, Modal, Radio } from 'antd';
import {
  type Leave,
  type LeaveItem,
  type NewLeaveItem,
  useAddLeaveItem,
  useCloseLeave,
  useFinishLeaveItem,
  useTransferLeaveItem,
  useWaiveLeaveItem,
  useWithdrawLeave,
} from '~/api/leaves';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { ErrorNote } from '~/ui/Page';
import { PersonSelect } from '~/ui/PersonSelect';
import { written } from '~/ui/text';
import type { ItemAct } from './leave';

export interface ItemAsked {
  item: LeaveItem;
  act: ItemAct;
}

export function ItemDialog({
  leave,
  asked: { item, act },
  onClose,
}: {
  leave: Leave;
  asked: ItemAsked;
  onClose: () => void;
}) {
  const { t, local } = useLanguage();
  const finish = useFinishLeaveItem(leave.id);
  const transfer = useTransferLeaveItem(leave.id);
  const waive = useWaiveLeaveItem(leave.id);
  const id = item.id ?? '';
  return (
    <FormModal<{ to?: string; how: string }>
      title={`${t(`leave_act.${act}`)}: ${local(item.title)}`}
      ok={t(`leave_act.${act}`)}
      will={t(`leave_act_will.${act}`)}
      error={finish.error ?? transfer.error ?? waive.error}
      busy={finish.isPending || transfer.isPending || waive.isPending}
      proposed={waive.data}
      done={t('leave.waived')}
      onFinish={({ to, how }) => {
        const text = written(how);
        if (act === 'waive') waive.mutate({ item: id, reason: text });
        else if (act === 'transfer')
          transfer.mutate({ item: id, to: to ?? '', how: text }, { onSuccess: onClose });
        else finish.mutate({ item: id, how: text }, { onSuccess: onClose });
      }}
      onClose={onClose}
    >
      {act === 'transfer' ? (
        <Form.Item
          name="to"
          label={t('leave.transfer_to')}
          rules={[{ required: true, message: t('persons.choose_needed') }]}
        >
          <PersonSelect without={leave.person.id} />
        </Form.Item>
      ) : null}
      <Form.Item
        name="how"
        label={t(act === 'waive' ? 'persons.reason' : 'leave.how')}
        extra={act === 'waive' ? undefined : t('leave.how_help')}
        rules={[{ required: true, whitespace: true, message: t('persons.reason_needed') }]}
      >
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
    </FormModal>
  );
}

export function AddItem({ leave, onClose }: { leave: Leave; onClose: () => void }) {
  const { t } = useLanguage();
  const add = useAddLeaveItem(leave.id);
  return (
    <FormModal<NewLeaveItem>
      title={t('leave.add_item')}
      ok={t('action.save')}
      will={t('leave.add_will')}
      error={add.error}
      busy={add.isPending}
      initial={{ kind: 'other_account' }}
      onFinish={({ kind, title, system, owner }) =>
        add.mutate(
          {
            kind,
            title: written(title),
            ...(written(system) ? { system: written(system) } : {}),
            ...(owner ? { owner } : {}),
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <Form.Item name="kind" label={t('leave.item_kind')}>
        <Radio.Group
          options={(['other_account', 'device'] as const).map((each) => ({
            value: each,
            label: t(`leave_item.${each}`),
          }))}
        />
      </Form.Item>
      <Form.Item
        name="title"
        label={t('leave.item_title')}
        rules={[{ required: true, whitespace: true, message: t('leave.item_needed') }]}
      >
        <Input maxLength={200} placeholder={t('leave.item_placeholder')} />
      </Form.Item>
      <Form.Item name="system" label={t('leave.item_system')}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="owner" label={t('leave.item_owner')}>
        <PersonSelect without={leave.person.id} />
      </Form.Item>
    </FormModal>
  );
}

export function CloseLeave({ leave, onClose }: { leave: Leave; onClose: () => void }) {
  const { t } = useLanguage();
  const close = useCloseLeave(leave.id);
  return (
    <Modal
      open
      title={t('leave.close')}
      okText={t('leave.close')}
      cancelText={t('action.cancel')}
      confirmLoading={close.isPending}
      onCancel={onClose}
      onOk={() => close.mutate(undefined, { onSuccess: onClose })}
    >
      {close.error ? <ErrorNote error={close.error} /> : null}
      <p className="will-happen">{t('leave.close_will')}</p>
    </Modal>
  );
}

export function WithdrawLeave({ leave, onClose }: { leave: Leave; onClose: (done: boolean) => void }) {
  const { t } = useLanguage();
  const withdraw = useWithdrawLeave(leave.id);
  return (
    <FormModal<{ reason: string }>
      title={t('leave.withdraw')}
      ok={t('leave.withdraw')}
      danger
      will={t('leave.withdraw_will')}
      error={withdraw.error}
      busy={withdraw.isPending}
      onFinish={({ reason }) => withdraw.mutate(written(reason), { onSuccess: () => onClose(true) })}
      onClose={() => onClose(false)}
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
