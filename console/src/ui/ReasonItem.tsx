// The field for why settings are changed.
import { Form, Input } from 'antd';
import { useLanguage } from '~/i18n';

export function ReasonItem() {
  const { t } = useLanguage();
  return (
    <Form.Item
      name="reason"
      label={t('antivirus.reason')}
      rules={[{ required: true, whitespace: true, min: 3, message: t('antivirus.reason_needed') }]}
    >
      <Input.TextArea maxLength={500} rows={2} />
    </Form.Item>
  );
}
