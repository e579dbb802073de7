// The public half of the release key, or the next one with the signature of the one before.
import { Form, Input } from 'antd';
import { type NewAgentReleaseKey, useAddReleaseKey } from '~/api/releases';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';

export function KeyForm({ first, onClose }: { first: boolean; onClose: () => void }) {
  const { t } = useLanguage();
  const add = useAddReleaseKey();
  const needed = { required: true, whitespace: true, message: t('services.needed') };
  return (
    <FormModal<NewAgentReleaseKey>
      title={t(first ? 'release.first_key' : 'release.next_key')}
      ok={t('release.register')}
      will={t(first ? 'release.first_key_will' : 'release.next_key_will')}
      error={add.error}
      busy={add.isPending}
      proposed={add.data ? { done: add.data.act === null, act: add.data.act } : undefined}
      done={t('release.key_done')}
      onFinish={(said) =>
        add.mutate({ key: said.key.trim(), signature: first ? null : (said.signature ?? '').trim() })
      }
      onClose={onClose}
    >
      <Form.Item
        name="key"
        label={t('release.key')}
        extra={
          <code>
            {first ? 'tools/sign-release --public KEY.pem' : 'tools/sign-release --next NEW.pem KEY.pem'}
          </code>
        }
        rules={[needed]}
      >
        <Input maxLength={100} className="code-input" />
      </Form.Item>
      {first ? null : (
        <Form.Item name="signature" label={t('release.key_signature')} rules={[needed]}>
          <Input maxLength={200} className="code-input" />
        </Form.Item>
      )}
    </FormModal>
  );
}
