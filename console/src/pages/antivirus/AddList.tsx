// An agency's own list: hashes of files, or YARA rules, written here or taken from a file.
import { Form, Input, Radio } from 'antd';
import { type NewSignatureList, useAddSignatureList } from '~/api/signatures';
import { useLanguage } from '~/i18n';
import { AgencySelect } from '~/ui/AgencySelect';
import { FileDrop } from '~/ui/FileDrop';
import { FormModal } from '~/ui/FormModal';

const contentMax = 1_048_576;

export function AddList({ onClose }: { onClose: () => void }) {
  const { t } = useLanguage();
  const add = useAddSignatureList();
  const [form] = Form.useForm<NewSignatureList>();
  const kind = Form.useWatch('kind', form) ?? 'hash';
  const needed = { required: true, whitespace: true, message: t('services.needed') };
  return (
    <FormModal<NewSignatureList>
      title={t('antivirus.add_list')}
      ok={t('antivirus.add_list')}
      will={t('antivirus.add_list_will')}
      width={680}
      form={form}
      initial={{ kind: 'hash' }}
      error={add.error}
      busy={add.isPending}
      onFinish={(said) =>
        add.mutate(
          {
            ...said,
            title: said.title.normalize('NFC').trim(),
            author: said.author.normalize('NFC').trim(),
            reason: said.reason.normalize('NFC').trim(),
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <Form.Item
        name="agency"
        label={t('filter.agency')}
        extra={t('antivirus.agency_help')}
        rules={[{ required: true, message: t('services.needed') }]}
      >
        <AgencySelect />
      </Form.Item>
      <Form.Item name="kind" label={t('antivirus.kind')}>
        <Radio.Group
          options={(['hash', 'yara'] as const).map((each) => ({
            value: each,
            label: t(`antivirus.kind_${each}`),
          }))}
        />
      </Form.Item>
      <Form.Item name="title" label={t('antivirus.title')} rules={[needed]}>
        <Input maxLength={200} />
      </Form.Item>
      <div className="form-line">
        <Form.Item name="author" label={t('antivirus.author')} rules={[needed]}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="reason" label={t('antivirus.reason')} rules={[needed]}>
          <Input maxLength={1000} />
        </Form.Item>
      </div>
      <Form.Item
        name="content"
        label={t('antivirus.content')}
        extra={t(`antivirus.content_help_${kind}`)}
        rules={[needed]}
      >
        <Input.TextArea rows={8} maxLength={contentMax} className="code-input" spellCheck={false} />
      </Form.Item>
      <FileDrop
        label={t('antivirus.from_file')}
        accept=".hdb,.hsb,.yar,.yara,.txt"
        onFile={(file) => {
          void file
            .text()
            .then((content) =>
              form.setFieldsValue({ content, kind: /\.yara?$/i.test(file.name) ? 'yara' : kind }),
            );
        }}
      />
    </FormModal>
  );
}
