// Approving: what exactly, for whom, until when; and before it happens, a sentence that says what will happen.
import { DatePicker, Form, Input, Modal, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useApprove } from '~/api/changes';
import { useAgencies } from '~/api/queries';
import type { DeviceClass, LicenceKind, NewApproval } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { ErrorNote } from '~/ui/Page';
import { deviceClasses } from '../devices/classes';
import { LicenceFields, licenceOf } from './LicenceFields';

interface Values {
  agency: string;
  versions: string;
  classes: DeviceClass[];
  expires_on: Dayjs | null;
  note: string;
  licence_kind?: LicenceKind;
  licence_seats?: number | null;
  licence_expires?: Dayjs | null;
}

const namesShown = 8;

export function ApproveModal({
  products,
  agency,
  onClose,
}: {
  products: string[];
  agency?: string;
  onClose: (done: boolean) => void;
}) {
  const { t, language } = useLanguage();
  const agencies = useAgencies();
  const approve = useApprove();
  const [form] = Form.useForm<Values>();
  const [values, setValues] = useState<Partial<Values>>({});
  const chosen = values.agency ?? agency ?? agencies.data?.[0]?.id;
  const send = (filled: Values) => {
    if (!chosen) return;
    const body: NewApproval = {
      agency: chosen,
      products: products.map((product) => ({ product, versions: filled.versions.trim() || '*' })),
      classes: filled.classes,
      expires_on: filled.expires_on?.format('YYYY-MM-DD') ?? null,
      note: filled.note.normalize('NFC').trim(),
      licence: licenceOf(filled),
    };
    approve.mutate(body, { onSuccess: () => onClose(true) });
  };
  const versions = values.versions?.trim() || '*';
  return (
    <Modal
      open
      width={620}
      title={t('software.approve_title', {
        count: products.length,
        number: formatNumber(products.length, language),
      })}
      okText={t('software.approve')}
      cancelText={t('action.cancel')}
      confirmLoading={approve.isPending}
      onCancel={() => onClose(false)}
      onOk={() => form.submit()}
    >
      {approve.error ? <ErrorNote error={approve.error} /> : null}
      <p className="picked-names">
        {products.slice(0, namesShown).map((name) => (
          <code key={name}>{name}</code>
        ))}
        {products.length > namesShown ? (
          <span className="muted">{t('fact_more', { number: products.length - namesShown })}</span>
        ) : null}
      </p>
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ agency: chosen, versions: '*', classes: [], expires_on: null, note: '' }}
        onValuesChange={(_, all) => setValues(all)}
        onFinish={send}
      >
        {(agencies.data?.length ?? 0) > 1 ? (
          <Form.Item name="agency" label={t('software.for_agency')} extra={t('software.for_agency_help')}>
            <Select options={agencies.data?.map((each) => ({ value: each.id, label: each.name }))} />
          </Form.Item>
        ) : null}
        <Form.Item name="versions" label={t('software.versions')} extra={t('software.versions_help')}>
          <Input maxLength={200} className="code-input" />
        </Form.Item>
        <Form.Item name="classes" label={t('software.classes')}>
          <Select
            mode="multiple"
            placeholder={t('software.all_classes')}
            options={deviceClasses.map((name) => ({ value: name, label: t(`device_class.${name}`) }))}
          />
        </Form.Item>
        <Form.Item name="expires_on" label={t('software.expires')} extra={t('software.expires_help')}>
          <DatePicker format="DD/MM/YYYY" />
        </Form.Item>
        <LicenceFields kind={values.licence_kind} />
        <Form.Item name="note" label={t('software.note')}>
          <Input.TextArea rows={2} maxLength={1000} placeholder={t('software.note_placeholder')} />
        </Form.Item>
      </Form>
      <p className="will-happen">
        {t('software.will_happen', {
          count: products.length,
          number: formatNumber(products.length, language),
          versions: versions === '*' ? t('software.any_version') : t('software.some_version', { versions }),
          classes: values.classes?.length
            ? values.classes.map((name) => t(`device_class.${name}`).toLocaleLowerCase(language)).join(', ')
            : t('software.every_class'),
          agency: agencies.data?.find((each) => each.id === chosen)?.name ?? '',
          until: values.expires_on
            ? t('software.until', { date: values.expires_on.format('DD/MM/YYYY') })
            : t('software.no_end'),
        })}
      </p>
    </Modal>
  );
}
