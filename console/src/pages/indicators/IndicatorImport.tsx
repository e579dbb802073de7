// A list of indicators from a file. What of it cannot be used is told line by line.
import { DatePicker, Form, Input, Modal, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import type { NewIndicatorList } from '~/api/types';
import { useImportIndicators } from '~/api/watch';
import { useLanguage } from '~/i18n';
import { FileDrop } from '~/ui/FileDrop';
import { formatNumber } from '~/ui/format';
import { ErrorNote } from '~/ui/Page';
import { RefusedLines } from './IndicatorLists';

interface Values {
  name: string;
  format: NewIndicatorList['format'];
  until: Dayjs | null;
}
// As the contract has it.
const charactersMax = 1_000_000;

// By its name, and a JSON file by what it begins with.
function formatOf(name: string, text: string): NewIndicatorList['format'] {
  if (!/\.json$/i.test(name) && !/^\s*[{[]/.test(text)) return 'csv';
  return /"type"\s*:\s*"bundle"/.test(text.slice(0, 4_000)) ? 'stix' : 'misp';
}

export function IndicatorImport({ onClose }: { onClose: (imported: boolean) => void }) {
  const { t, language } = useLanguage();
  const add = useImportIndicators();
  const [form] = Form.useForm<Values>();
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [fault, setFault] = useState<'too_large' | 'file_needed' | null>(null);
  const read = async (chosen: File) => {
    const text = (await chosen.text()).replace(/^\uFEFF/, '');
    if (text.length > charactersMax) {
      setFile(null);
      setFault('too_large');
      return;
    }
    setFault(null);
    setFile({ name: chosen.name, text });
    form.setFieldsValue({ format: formatOf(chosen.name, text) });
    if (!form.getFieldValue('name')) form.setFieldsValue({ name: chosen.name.replace(/\.\w+$/, '') });
  };
  const done = add.data;
  return (
    <Modal
      open
      width={680}
      title={t('indicators.import')}
      okText={t(done ? 'action.close' : 'indicators.import')}
      cancelText={t('action.cancel')}
      confirmLoading={add.isPending}
      onCancel={() => onClose(Boolean(done))}
      onOk={() => (done ? onClose(true) : form.submit())}
    >
      {add.error ? <ErrorNote error={add.error} /> : null}
      {done ? (
        <>
          <p className="will-happen" role="status">
            {t('indicators.done', { count: done.count, number: formatNumber(done.count, language) })}
          </p>
          {done.refused_count > 0 ? <RefusedLines list={done} /> : null}
        </>
      ) : (
        <>
          <p>{t('indicators.import_help')}</p>
          <FileDrop
            label={t('indicators.drop')}
            accept=".json,.csv,.txt,application/json,text/csv"
            chosen={
              fault
                ? t(`indicators.${fault}`)
                : file
                  ? t('indicators.read', {
                      name: file.name,
                      count: file.text.length,
                      number: formatNumber(file.text.length, language),
                    })
                  : undefined
            }
            onFile={(chosen) => void read(chosen)}
          />
          <Form<Values>
            form={form}
            layout="vertical"
            className="import-form"
            initialValues={{ name: '', format: 'stix', until: null }}
            onFinish={(values) => {
              if (!file) {
                setFault((old) => old ?? 'file_needed');
                return;
              }
              add.mutate({
                name: values.name.normalize('NFC').trim(),
                format: values.format,
                content: file.text,
                expires_at: values.until ? values.until.endOf('day').toISOString() : null,
              });
            }}
          >
            <Form.Item
              name="name"
              label={t('indicators.name')}
              rules={[{ required: true, whitespace: true, message: t('services.needed') }]}
            >
              <Input maxLength={200} />
            </Form.Item>
            <Form.Item name="format" label={t('indicators.format')}>
              <Select
                options={[
                  { value: 'stix', label: 'STIX 2.1' },
                  { value: 'misp', label: 'MISP' },
                  { value: 'csv', label: 'CSV' },
                ]}
              />
            </Form.Item>
            <Form.Item name="until" label={t('indicators.expires')} extra={t('indicators.expires_help')}>
              <DatePicker format="DD/MM/YYYY" minDate={dayjs()} />
            </Form.Item>
          </Form>
        </>
      )}
    </Modal>
  );
}
