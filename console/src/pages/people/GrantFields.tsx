// Role, place and days: the same fields when an account is issued and when a role is given later.
import { DatePicker, Form, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useAgencies, useMay } from '~/api/queries';
import type { NewGrant, Role } from '~/api/types';
import { useLanguage } from '~/i18n';
import { fold, isoDate } from '~/ui/format';
import { roles } from './roles';

export interface GrantValues {
  role?: Role;
  place?: string;
  valid_from?: Dayjs | null;
  valid_to?: Dayjs | null;
}

export function grantOf(values: GrantValues): NewGrant | null {
  if (!values.role || !values.place) return null;
  return {
    role: values.role,
    agency: values.place,
    valid_from: values.valid_from?.format('YYYY-MM-DD') ?? null,
    valid_to: values.valid_to?.format('YYYY-MM-DD') ?? null,
  };
}

export function GrantFields({ needed }: { needed: boolean }) {
  const { t } = useLanguage();
  const agencies = useAgencies(useMay('agency_read'));
  const today = dayjs(isoDate(new Date()));
  return (
    <div className="grant-fields">
      <Form.Item
        name="role"
        label={t('people.role')}
        rules={[{ required: needed, message: t('people.role_needed') }]}
      >
        <Select
          allowClear={!needed}
          placeholder={needed ? undefined : t('people.role_later')}
          options={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))}
        />
      </Form.Item>
      <Form.Item
        name="place"
        label={t('people.place')}
        rules={[{ required: needed, message: t('people.place_needed') }]}
      >
        <Select
          showSearch={{ filterOption: (text, option) => fold(String(option?.label)).includes(fold(text)) }}
          options={(agencies.data ?? [])
            .filter((each) => !each.valid_to || each.valid_to >= isoDate(new Date()))
            .map((each) => ({ value: each.id, label: each.name }))}
        />
      </Form.Item>
      <Form.Item name="valid_from" label={t('people.from')} extra={t('people.from_help')}>
        <DatePicker format="DD/MM/YYYY" minDate={today} />
      </Form.Item>
      <Form.Item name="valid_to" label={t('people.until')} extra={t('people.until_help')}>
        <DatePicker format="DD/MM/YYYY" minDate={today} />
      </Form.Item>
    </div>
  );
}
