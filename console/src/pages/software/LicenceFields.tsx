// What allows the agency to use a program, as part of an approval.
import { DatePicker, Form, InputNumber, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import type { Licence, LicenceKind } from '~/api/types';
import { useLanguage } from '~/i18n';

const kinds: readonly LicenceKind[] = ['free', 'bought', 'subscribed', 'with_device', 'trial'];

export interface LicenceValues {
  licence_kind?: LicenceKind;
  licence_seats?: number | null;
  licence_expires?: Dayjs | null;
}

export function licenceOf(values: LicenceValues): Licence | null {
  if (!values.licence_kind) return null;
  return {
    kind: values.licence_kind,
    seats: values.licence_seats ?? null,
    expires_on: values.licence_expires?.format('YYYY-MM-DD') ?? null,
  };
}

export function LicenceFields({ kind }: { kind: LicenceKind | undefined }) {
  const { t } = useLanguage();
  return (
    <>
      <Form.Item name="licence_kind" label={t('control.licence')}>
        <Select
          allowClear
          placeholder={t('control.licence_none')}
          options={kinds.map((name) => ({ value: name, label: t(`control.licence_kind.${name}`) }))}
        />
      </Form.Item>
      {kind ? (
        <div className="form-row">
          <Form.Item name="licence_seats" label={t('control.licence_seats')}>
            <InputNumber min={1} max={1_000_000} precision={0} placeholder={t('control.licence_seats_any')} />
          </Form.Item>
          <Form.Item name="licence_expires" label={t('control.licence_expires')}>
            <DatePicker format="DD/MM/YYYY" />
          </Form.Item>
        </div>
      ) : null}
    </>
  );
}
