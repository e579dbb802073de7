// What people say about a service: work to come, and that what is shown now is right.
import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import type { WatchedService } from '~/api/types';
import { useAcceptContent, useAnnounceWork } from '~/api/watch';
import { useLanguage } from '~/i18n';
import { ErrorNote } from '~/ui/Page';
import { RangePicker } from '../logs/RangePicker';

export function Announce({ service, onClose }: { service: WatchedService; onClose: () => void }) {
  const { t } = useLanguage();
  const announce = useAnnounceWork(service.id);
  const [form] = Form.useForm<{ reason: string }>();
  const [from, setFrom] = useState<string | undefined>(() => new Date().toISOString());
  const [until, setUntil] = useState<string | undefined>(() =>
    new Date(Date.now() + 7_200_000).toISOString(),
  );
  const [missing, setMissing] = useState(false);
  return (
    <Modal
      open
      title={t('services.announce')}
      okText={t('services.announce')}
      cancelText={t('action.cancel')}
      confirmLoading={announce.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {announce.error ? <ErrorNote error={announce.error} /> : null}
      <p>{t('services.announce_help')}</p>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ reason: '' }}
        onFinish={({ reason }) => {
          setMissing(!from || !until);
          if (from && until)
            announce.mutate(
              { from, to: until, reason: reason.normalize('NFC').trim() },
              { onSuccess: onClose },
            );
        }}
      >
        <Form.Item
          label={t('services.announce_span')}
          required
          {...(missing ? { validateStatus: 'error' as const, help: t('services.needed') } : {})}
        >
          <RangePicker
            from={from}
            until={until}
            onChange={(start, end) => {
              setFrom(start);
              setUntil(end);
            }}
          />
        </Form.Item>
        <Form.Item
          name="reason"
          label={t('services.reason')}
          rules={[{ required: true, whitespace: true, message: t('services.needed') }]}
        >
          <Input.TextArea rows={3} maxLength={1000} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

// `looked`: the fingerprint of what the officer had before them.
export function Accept({
  service,
  looked,
  onClose,
}: {
  service: WatchedService;
  looked: string | null;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const accept = useAcceptContent(service.id);
  const [form] = Form.useForm<{ reason: string }>();
  return (
    <Modal
      open
      title={t('services.accept')}
      okText={t('services.accept')}
      cancelText={t('action.cancel')}
      confirmLoading={accept.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
      afterOpenChange={(open) => open && form.getFieldInstance('reason')?.focus()}
    >
      {accept.error ? <ErrorNote error={accept.error} /> : null}
      <p className="will-happen">{t('services.accept_help')}</p>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ reason: '' }}
        onFinish={({ reason }) =>
          accept.mutate(
            { reason: reason.normalize('NFC').trim(), fingerprint: looked },
            { onSuccess: onClose },
          )
        }
      >
        <Form.Item
          name="reason"
          label={t('services.reason')}
          rules={[{ required: true, whitespace: true, message: t('services.needed') }]}
        >
          <Input.TextArea rows={3} maxLength={1000} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
