// Taking a term back: what only it kept may go then, so a second person has to agree.
import { Form, Input } from 'antd';
import { useRemoveRetention } from '~/api/custody';
import type { RetentionRule } from '~/api/custodyTypes';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { written } from '~/ui/text';

export function RemoveTerm({ rule, onClose }: { rule: RetentionRule; onClose: () => void }) {
  const { t } = useLanguage();
  const remove = useRemoveRetention(rule.id);
  return (
    <FormModal<{ reason: string }>
      title={t('term.remove_title', { where: rule.agency?.name ?? t('term.everywhere') })}
      ok={t('term.propose_remove')}
      will={t('term.remove_will')}
      danger
      error={remove.error}
      busy={remove.isPending}
      proposed={remove.data}
      done={t('term.removed')}
      onFinish={({ reason }) => remove.mutate(written(reason))}
      onClose={onClose}
    >
      <Form.Item
        name="reason"
        label={t('waiting.note')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input.TextArea rows={3} maxLength={1000} />
      </Form.Item>
    </FormModal>
  );
}
