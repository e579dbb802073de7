// Saying whose an account on a device is: of one, of many by what the hub proposes, of many for one person.
import { Button, Checkbox, DatePicker, Form, Input, Radio } from 'antd';
import dayjs from 'dayjs';
import { useLinkAccount, useLinkMany, useUnlinkAccount } from '~/api/control';
import { type DeviceAccount, type LinkKind, linkKinds } from '~/api/controlTypes';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { formatNumber, isoDate } from '~/ui/format';
import { PersonSelect } from '~/ui/PersonSelect';
import {
  changeOf,
  keyOf,
  type LinkValues,
  linkAll,
  linkDaysMax,
  needsPerson,
  needsReason,
  takeProposals,
} from './link';

const shownMax = 12;

function useDays() {
  const today = dayjs(isoDate(new Date()));
  return { minDate: today, maxDate: today.add(linkDaysMax, 'day'), format: 'DD/MM/YYYY' };
}

export function LinkForm({ account, onClose }: { account: DeviceAccount; onClose: () => void }) {
  const { t, local } = useLanguage();
  const link = useLinkAccount({ device: account.device.id, name: account.name });
  const unlink = useUnlinkAccount({ device: account.device.id, name: account.name });
  const days = useDays();
  const [form] = Form.useForm<LinkValues>();
  const kind: LinkKind = Form.useWatch('kind', form) ?? account.link?.kind ?? 'personal';
  const administrator: boolean = Form.useWatch('administrator', form) ?? false;
  const person = account.link?.person ?? account.proposed?.person ?? null;
  const known = person?.id ? { id: person.id, name: person.name } : null;
  const reason = needsReason({ kind, administrator });
  return (
    <FormModal<LinkValues>
      title={t('device_account.link_title', { name: account.name, device: account.device.name })}
      ok={t('action.save')}
      will={t('device_account.link_will')}
      error={link.error ?? unlink.error}
      busy={link.isPending}
      form={form}
      initial={{
        kind: account.link?.kind ?? 'personal',
        ...(known ? { person: known.id } : {}),
        administrator: Boolean(account.link?.administrator_until),
        administrator_until: account.link?.administrator_until
          ? dayjs(account.link.administrator_until)
          : null,
        expires: account.link?.expires ? dayjs(account.link.expires) : null,
        reason: account.link?.reason ?? '',
      }}
      onFinish={(values) => link.mutate(changeOf(values), { onSuccess: onClose })}
      onClose={onClose}
    >
      {!account.link && account.proposed ? (
        <p className="muted">
          {t('device_account.proposed', { name: account.proposed.person.name })}:{' '}
          {local(account.proposed.why)}
        </p>
      ) : null}
      <Form.Item name="kind" label={t('device_account.kind')} extra={t(`account_kind_help.${kind}`)}>
        <Radio.Group options={linkKinds.map((each) => ({ value: each, label: t(`account_kind.${each}`) }))} />
      </Form.Item>
      <Form.Item
        name="person"
        label={t(kind === 'personal' ? 'device_account.owner' : 'device_account.answers')}
        rules={[{ required: needsPerson(kind), message: t('persons.choose_needed') }]}
      >
        <PersonSelect known={known} />
      </Form.Item>
      {account.administrator ? (
        <>
          <Form.Item
            name="administrator"
            valuePropName="checked"
            extra={t('device_account.administrator_help')}
          >
            <Checkbox>{t('device_account.administrator_wanted')}</Checkbox>
          </Form.Item>
          {administrator ? (
            <Form.Item
              name="administrator_until"
              label={t('device_account.administrator_until')}
              rules={[{ required: true, message: t('device_account.day_needed') }]}
            >
              <DatePicker {...days} />
            </Form.Item>
          ) : null}
        </>
      ) : null}
      <Form.Item
        name="expires"
        label={t('device_account.expires')}
        rules={[{ required: kind === 'shared', message: t('device_account.day_needed') }]}
      >
        <DatePicker {...days} />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t('persons.reason')}
        rules={[{ required: reason, whitespace: true, message: t('persons.reason_needed') }]}
      >
        <Input.TextArea rows={2} maxLength={1000} />
      </Form.Item>
      {account.link ? (
        <Button
          danger
          loading={unlink.isPending}
          onClick={() => unlink.mutate(undefined, { onSuccess: onClose })}
        >
          {t('device_account.unlink')}
        </Button>
      ) : null}
    </FormModal>
  );
}

function Names({ accounts }: { accounts: DeviceAccount[] }) {
  const { t, language } = useLanguage();
  const more = accounts.length - shownMax;
  return (
    <ul className="account-names">
      {accounts.slice(0, shownMax).map((each) => (
        <li key={keyOf(each)}>
          <code>{each.name}</code> · {each.device.name}
          {each.proposed ? ` → ${each.proposed.person.name}` : ''}
        </li>
      ))}
      {more > 0 ? (
        <li className="muted">
          {t('device_account.and_more', { count: more, number: formatNumber(more, language) })}
        </li>
      ) : null}
    </ul>
  );
}

interface ManyProps {
  accounts: DeviceAccount[];
  onClose: (done: boolean) => void;
}

export function TakeProposals({ accounts, onClose }: ManyProps) {
  const { t } = useLanguage();
  const link = useLinkMany();
  return (
    <FormModal<{ reason?: string }>
      title={t('device_account.take_title')}
      ok={t('device_account.take_sure')}
      will={t('device_account.take_will')}
      error={link.error}
      busy={link.isPending}
      onFinish={({ reason }) =>
        link.mutate(takeProposals(accounts, reason ?? ''), { onSuccess: () => onClose(true) })
      }
      onClose={() => onClose(false)}
    >
      <Names accounts={accounts} />
      <Form.Item name="reason" label={t('device_account.note')}>
        <Input maxLength={1000} />
      </Form.Item>
    </FormModal>
  );
}

export function LinkManyForm({ accounts, onClose }: ManyProps) {
  const { t } = useLanguage();
  const link = useLinkMany();
  const kinds = linkKinds.filter((each) => each !== 'shared');
  return (
    <FormModal<{ person: string; kind: LinkKind; reason?: string }>
      title={t('device_account.one_person')}
      ok={t('action.save')}
      will={t('device_account.one_person_will')}
      error={link.error}
      busy={link.isPending}
      initial={{ kind: 'service' }}
      onFinish={({ person, kind, reason }) =>
        link.mutate(linkAll(accounts, person, kind, reason ?? ''), { onSuccess: () => onClose(true) })
      }
      onClose={() => onClose(false)}
    >
      <Names accounts={accounts.map((each) => ({ ...each, proposed: null }))} />
      <Form.Item name="kind" label={t('device_account.kind')}>
        <Radio.Group options={kinds.map((each) => ({ value: each, label: t(`account_kind.${each}`) }))} />
      </Form.Item>
      <Form.Item
        name="person"
        label={t('device_account.answers')}
        rules={[{ required: true, message: t('persons.choose_needed') }]}
      >
        <PersonSelect />
      </Form.Item>
      <Form.Item name="reason" label={t('device_account.note')}>
        <Input maxLength={1000} />
      </Form.Item>
    </FormModal>
  );
}
