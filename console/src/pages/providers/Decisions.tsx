// What the asking side says: more time or not, back, closed, withdrawn; and an answer that came as a letter.
import { Form, Input } from 'antd';
import { useState } from 'react';
import { useDecideRequest, useRecordLetter } from '~/api/providers';
import type { ProviderFile, ProviderRequest } from '~/api/types';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { MomentPicker } from '~/ui/MomentPicker';
import { written } from '~/ui/text';
import { FileHashes } from './FileHashes';
import type { Decision } from './request';

const needsNote: readonly Decision[] = ['return', 'withdraw'];

export function DecideRequest({
  request,
  decision,
  onClose,
}: {
  request: ProviderRequest;
  decision: Decision;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const decide = useDecideRequest(request.id);
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  const timed = decision === 'return' || decision === 'grant_delay';
  return (
    <FormModal<{ note?: string; due?: string | null }>
      title={t(`provider_decision.${decision}`)}
      ok={t(`provider_decision.${decision}`)}
      will={t(`provider_will.${decision}`)}
      danger={decision === 'withdraw'}
      error={decide.error}
      busy={decide.isPending}
      initial={decision === 'grant_delay' && request.delay ? { due: request.delay.until } : {}}
      onFinish={({ note, due }) =>
        decide.mutate(
          { decision, note: written(note), ...(timed ? { due: due ?? null } : {}) },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      {timed ? (
        <Form.Item name="due" label={t('provider.new_due')} rules={needed}>
          <MomentPicker allowClear={false} />
        </Form.Item>
      ) : null}
      <Form.Item name="note" label={t('provider.note')} rules={needsNote.includes(decision) ? needed : []}>
        <Input.TextArea rows={3} maxLength={4000} />
      </Form.Item>
    </FormModal>
  );
}

export function RecordLetter({ request, onClose }: { request: string; onClose: () => void }) {
  const { t } = useLanguage();
  const record = useRecordLetter(request);
  const [files, setFiles] = useState<ProviderFile[]>([]);
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  return (
    <FormModal<{ document: string; text: string; answered_at: string }>
      title={t('provider.letter')}
      ok={t('action.save')}
      will={t('provider.letter_will')}
      error={record.error}
      busy={record.isPending}
      initial={{ answered_at: new Date().toISOString() }}
      onFinish={(values) =>
        record.mutate(
          {
            document: written(values.document),
            text: written(values.text),
            answered_at: values.answered_at,
            ...(files.length > 0 ? { files } : {}),
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <Form.Item name="document" label={t('provider.document')} rules={needed}>
        <Input maxLength={400} placeholder="125/VNPT-ATTT" />
      </Form.Item>
      <Form.Item name="answered_at" label={t('provider.answered_at')} rules={needed}>
        <MomentPicker allowClear={false} />
      </Form.Item>
      <Form.Item name="text" label={t('provider.answer_text')} rules={needed}>
        <Input.TextArea rows={4} maxLength={16_000} />
      </Form.Item>
      <FileHashes files={files} onChange={setFiles} />
    </FormModal>
  );
}
