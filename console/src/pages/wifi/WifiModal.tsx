import { DatePicker, Form, Input, Modal, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useRecordWifi } from '~/api/changes';
import { useAgencies } from '~/api/queries';
import type { WifiNetwork, WifiRecord } from '~/api/types';
import { useLanguage } from '~/i18n';
import { isoDate } from '~/ui/format';
import { ErrorNote } from '~/ui/Page';

interface Values {
  agency: string;
  ssid: string;
  security: WifiRecord['security'];
  key_changed_on: Dayjs | null;
  note: string;
  place: string;
  owner: string;
  bssids: string[];
}

// What is known of a network before anybody registers it.
export interface Draft {
  agency: string;
  ssid: string;
  bssid: string;
}

const bssidShape = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/;

const securities = ['wpa3', 'wpa2', 'wpa', 'wep', 'open'] as const;

export function WifiModal({
  network,
  draft,
  onClose,
}: {
  network: WifiNetwork | null;
  draft?: Draft | null;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const agencies = useAgencies();
  const record = useRecordWifi();
  const [form] = Form.useForm<Values>();
  const known = securities.find((each) => each === network?.security);
  return (
    <Modal
      open
      title={network?.registered ? t('wifi.record_change') : t('wifi.register')}
      okText={t('action.save')}
      cancelText={t('action.cancel')}
      confirmLoading={record.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {record.error ? <ErrorNote error={record.error} /> : null}
      <p>{t('wifi.form_help')}</p>
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{
          agency: network?.agency ?? draft?.agency ?? agencies.data?.[0]?.id,
          ssid: network?.ssid ?? draft?.ssid ?? '',
          security: known ?? 'wpa2',
          key_changed_on:
            draft && network?.recorded_on
              ? dayjs(network.recorded_on)
              : network?.registered
                ? dayjs(isoDate(new Date()))
                : null,
          note: network?.note ?? '',
          place: network?.place ?? '',
          owner: network?.owner ?? '',
          bssids: [...new Set([...(network?.bssids ?? []), ...(draft ? [draft.bssid] : [])])],
        }}
        onFinish={(values) =>
          record.mutate(
            {
              agency: values.agency,
              ssid: values.ssid,
              security: values.security,
              key_changed_on: values.key_changed_on?.format('YYYY-MM-DD') ?? null,
              note: values.note.normalize('NFC').trim(),
              place: values.place.normalize('NFC').trim(),
              owner: values.owner.normalize('NFC').trim(),
              bssids: values.bssids.map((each) => each.trim().toLowerCase()),
            },
            { onSuccess: onClose },
          )
        }
      >
        {(agencies.data?.length ?? 0) > 1 ? (
          <Form.Item name="agency" label={t('filter.agency')}>
            <Select options={agencies.data?.map((each) => ({ value: each.id, label: each.name }))} />
          </Form.Item>
        ) : (
          <Form.Item name="agency" hidden>
            <Input />
          </Form.Item>
        )}
        <Form.Item
          name="ssid"
          label={t('wifi.ssid')}
          rules={[{ required: true, message: t('wifi.ssid_needed') }]}
        >
          <Input maxLength={32} readOnly={network !== null} />
        </Form.Item>
        <Form.Item name="security" label={t('wifi.security')}>
          <Select options={securities.map((each) => ({ value: each, label: t(`wifi_security.${each}`) }))} />
        </Form.Item>
        <Form.Item name="key_changed_on" label={t('wifi.key_changed')} extra={t('wifi.key_help')}>
          <DatePicker format="DD/MM/YYYY" maxDate={dayjs(isoDate(new Date()))} />
        </Form.Item>
        <div className="form-line">
          <Form.Item name="place" label={t('wifi.place')}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="owner" label={t('wifi.owner')}>
            <Input maxLength={200} />
          </Form.Item>
        </div>
        <Form.Item
          name="bssids"
          label={t('wifi.bssids')}
          extra={t('wifi.bssids_help')}
          rules={[
            {
              validator: (_, list: string[]) =>
                list.every((each) => bssidShape.test(each.trim().toLowerCase()))
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('wifi.bssids_wrong'))),
            },
          ]}
        >
          <Select mode="tags" open={false} tokenSeparators={[' ', ',', ';']} />
        </Form.Item>
        <Form.Item name="note" label={t('software.note')}>
          <Input.TextArea rows={2} maxLength={1000} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
