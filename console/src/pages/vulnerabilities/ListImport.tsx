// A list from a file, sent in parts with its progress in sight.
import { AutoComplete, DatePicker, Form, Modal, Progress } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useImportVulnerabilityList, type VulnerabilityList } from '~/api/vulnerability';
import { useLanguage } from '~/i18n';
import { FileDrop } from '~/ui/FileDrop';
import { formatNumber } from '~/ui/format';
import { ErrorNote } from '~/ui/Page';

interface Values {
  name: string;
  dated: Dayjs | null;
}

export function ListImport({ held, onClose }: { held: VulnerabilityList[]; onClose: () => void }) {
  const { t, language } = useLanguage();
  const add = useImportVulnerabilityList();
  const [form] = Form.useForm<Values>();
  const [file, setFile] = useState<File | null>(null);
  const [needed, setNeeded] = useState(false);
  const [share, setShare] = useState(0);
  const done = add.data;
  const choose = (chosen: File) => {
    setFile(chosen);
    setNeeded(false);
    add.reset();
    // The browser says when the file was written: as a rule the day it was published.
    form.setFieldsValue({ dated: dayjs(chosen.lastModified) });
    if (!form.getFieldValue('name')) form.setFieldsValue({ name: chosen.name.replace(/\.\w+$/, '') });
  };
  return (
    <Modal
      open
      width={640}
      title={t('vulnerabilities.import')}
      okText={t(done ? 'action.close' : 'vulnerabilities.import')}
      cancelText={t('action.cancel')}
      confirmLoading={add.isPending}
      onCancel={onClose}
      onOk={() => (done ? onClose() : form.submit())}
    >
      {add.error ? <ErrorNote error={add.error} /> : null}
      {done ? (
        <p className="will-happen" role="status">
          {t('vulnerabilities.done', {
            count: done.entries,
            number: formatNumber(done.entries, language),
            releases: done.releases.join(', '),
          })}
        </p>
      ) : (
        <>
          <p>{t('vulnerabilities.import_help')}</p>
          <FileDrop
            label={t('vulnerabilities.drop')}
            accept=".json,.zip,application/json,application/zip"
            chosen={
              needed
                ? t('vulnerabilities.file_needed')
                : file
                  ? `${file.name} · ${formatNumber(Math.ceil(file.size / 1024), language)} KiB`
                  : undefined
            }
            onFile={choose}
          />
          {add.isPending ? (
            <Progress
              percent={Math.floor(share * 100)}
              aria-label={t('vulnerabilities.sending')}
              format={(percent) =>
                percent === 100 ? t('vulnerabilities.reading') : `${formatNumber(percent ?? 0, language)} %`
              }
            />
          ) : null}
          <Form<Values>
            form={form}
            layout="vertical"
            className="import-form"
            initialValues={{ name: '', dated: null }}
            onFinish={(values) => {
              if (!file) {
                setNeeded(true);
                return;
              }
              setShare(0);
              add.mutate({
                file,
                name: values.name.normalize('NFC').trim(),
                dated: values.dated?.format('YYYY-MM-DD'),
                onProgress: setShare,
              });
            }}
          >
            <Form.Item
              name="name"
              label={t('vulnerabilities.name')}
              extra={t('vulnerabilities.name_help')}
              rules={[{ required: true, whitespace: true, max: 200, message: t('services.needed') }]}
            >
              <AutoComplete options={held.map((each) => ({ value: each.name }))} />
            </Form.Item>
            <Form.Item
              name="dated"
              label={t('vulnerabilities.dated')}
              extra={t('vulnerabilities.dated_help')}
              rules={[{ required: true, message: t('services.needed') }]}
            >
              <DatePicker format="DD/MM/YYYY" maxDate={dayjs()} />
            </Form.Item>
          </Form>
        </>
      )}
    </Modal>
  );
}
